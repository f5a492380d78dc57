# The commands that a person types. Their code is in cli/main.ts, sandbox/cli.ts and test/run.ts.
# SLOT=1 (0 to 63) puts the sandbox on addresses and ports of its own, beside another clone's.

# The package `node` brings the Node that everything runs with; the system's only installs the packages.
node = PATH="$(CURDIR)/node_modules/.bin:$$PATH" node
cli = $(node) cli/main.ts
sandbox = $(node) sandbox/cli.ts

.PHONY: help up down backups backups-of status preview diff recover adopt posture rules verify window docs test nightly unit mutation bench bench-backup bench-volume check clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | while IFS="$$(printf '\t')" read -r name does; do printf '  make %-12s %s\n' "$$name" "$$does"; done

up: node_modules/.package-lock.json ## start a whole environment on this machine and deploy to it; the first time half an hour and up to 15 GB of disk
	@$(sandbox) up

down: node_modules/.package-lock.json ## stop it and remove all that it made but the built tools
	@$(sandbox) down

backups: node_modules/.package-lock.json ## run each backup once that has published nothing yet
	@$(sandbox) backups

status: node_modules/.package-lock.json ## say which of its parts run
	@$(sandbox) status

preview: node_modules/.package-lock.json ## STACK=prod|staging|sandbox: what would be deployed; no cloud account, cluster or secret
	@$(cli) preview '$(STACK)'

diff: node_modules/.package-lock.json ## BASE=main STACK=...: what the files here change in a stack, its promises first; FORMAT=json|markdown LIVE=1
	@$(cli) diff --base='$(BASE)' $(addprefix --,$(FORMAT)) $(if $(LIVE),--live) '$(STACK)'

recover: node_modules/.package-lock.json ## STACK=...: make a stack whole again after its engine was killed
	@$(cli) recover '$(STACK)'

adopt: node_modules/.package-lock.json ## STACK=... RESOURCE=... ID=...: take over one object that exists already
	@$(cli) adopt '$(STACK)' '$(RESOURCE)' '$(ID)'

posture: node_modules/.package-lock.json ## STACK=...: what its services are promised, and what keeps it
	@$(cli) posture '$(STACK)'

backups-of: node_modules/.package-lock.json ## SERVICE=... STACK=...: what can be restored of a service, newest first, and how to start it; ALL=1 for all
	@$(cli) backups-of --service='$(SERVICE)' $(if $(ALL),--all) '$(STACK)'

rules: node_modules/.package-lock.json ## STACK=...: all rules as one rule file of Prometheus
	@$(cli) rules '$(STACK)'

verify: node_modules/.package-lock.json ## STACK=... PROMETHEUS=http://... ALERTMANAGER=http://...: whether the live ones have what the stack declares
	@$(cli) verify '$(STACK)' $(if $(PROMETHEUS),--prometheus='$(PROMETHEUS)') $(if $(ALERTMANAGER),--alertmanager='$(ALERTMANAGER)')

window: node_modules/.package-lock.json ## STACK=... SERVICE=... FROM=2026-12-01T02:00Z FOR=2h REASON="..." ALERTMANAGER=http://...: a maintenance window for once
	@$(cli) window '$(STACK)' $(foreach of,SERVICE FROM FOR REASON ALERTMANAGER,$(if $($(of)),--$(of)='$($(of))'))

docs: node_modules/.package-lock.json ## write docs/settings.md, docs/declaration.md and the JSON schema of stack files from their schemas
	@$(cli) docs

test: node_modules/.package-lock.json ## run all tests, or those of SUITE=...
	@$(node) test/run.ts $(SUITE)

nightly: node_modules/.package-lock.json ## run the tests that take too long for every change: hours
	@$(node) test/run.ts --nightly

unit: node_modules/.package-lock.json ## run the tests that take seconds
	@$(node) test/run.ts unit

mutation: node_modules/.package-lock.json test/mutation/node_modules/.package-lock.json ## change domain/, or FILES="domain/values/size.ts ...", in small ways: fail for what no test sees
	@$(node) test/mutation/run.ts $(FILES)

bench: node_modules/.package-lock.json ## measure previews beside a bare program; SERVICES="5 50" for fewer
	@$(node) bench/run.ts $(addprefix --services=,$(SERVICES))

bench-backup: node_modules/.package-lock.json ## dump and restore of a generated database beside the guides' own pipeline; needs root
	@$(node) bench/backup.ts $(addprefix --rounds=,$(ROUNDS))

bench-volume: node_modules/.package-lock.json ## measure two backups of a volume in the sandbox, 1 % changed between; MEBIBYTES=5120
	@$(node) bench/volume.ts '$(MEBIBYTES)'

check: node_modules/.package-lock.json ## run format, lint, types and the other static checks
	@$(node) test/run.ts check

clean: ## make down, and remove the built tools and packages too
	@if [ -d .sandbox ]; then $(MAKE) --no-print-directory down; fi
	rm -rf .cache node_modules test/mutation/node_modules

node_modules/.package-lock.json: package-lock.json
	@command -v node >/dev/null && command -v npm >/dev/null || { \
	  echo 'Node 20 or newer with npm is needed; "node" or "npm" is not on PATH. Install them (https://nodejs.org/en/download), then run the same command again.' >&2; exit 1; }
	@major=$$(node -p 'process.versions.node.split(".")[0]') && [ "$$major" -ge 20 ] || { \
	  echo "Node 20 or newer is needed; the one on PATH is $$(node --version). Install it (https://nodejs.org/en/download), then run the same command again." >&2; exit 1; }
	@echo '→ install Node packages (about 1 min)' >&2
	@start=$$(date +%s) && npm ci --loglevel=error && touch $@ && echo "✓ install Node packages: $$(($$(date +%s) - start)) s" >&2

# Stryker is installed in test/mutation/, because only these tests need it.
test/mutation/node_modules/.package-lock.json: test/mutation/package-lock.json node_modules/.package-lock.json
	@echo '→ install Stryker (about 20 s)' >&2
	@npm ci --prefix test/mutation --ignore-scripts --loglevel=error && touch $@
