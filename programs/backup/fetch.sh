#!/usr/bin/env bash
# Fetches one backup: its manifest, and the version of the data that the manifest names, verified by its size and SHA-256.
# Where: the AWS CLI's image, or any machine with the AWS CLI, jq and GNU coreutils. Environment: BUCKET, PREFIX (ends with /),
# KIND (of the backup) and, for another backup than the newest good one, BEFORE (a time) or BACKUP (a name, or
# `golden`); SCRATCH, default /scratch; DRILL, set by a drill: then a failure is recorded in S3.
# Leaves in SCRATCH: manifest.json, the data as backup.<extension>, and in fetched.json how that went.
# Ends with 64: a parameter is invalid; 10: there is no such backup; 11: its manifest is invalid; 12: its data is missing; 13: its
# data differs from the manifest; 1: S3 failed.
set -euo pipefail

scratch=${SCRATCH:-/scratch}
manifest=$scratch/manifest.json
started=$(date -u +%Y-%m-%dT%H:%M:%SZ)
name=none
mkdir -p "$scratch"
rm -f "$scratch"/{manifest,fetched}.json "$scratch"/backup.*

# Prints the reason, and exits. @param exit code, sentence
refuse() {
  reason=$2
  echo "$reason" >&2
  exit "$1"
}

record_failure() {
  local code=$?
  if [ "$code" = 0 ] || [ -z "${DRILL:-}" ]; then exit "$code"; fi
  jq --null-input --arg service "${SERVICE:-}" --arg datastore "${DATASTORE:-}" --arg backup "$name" --arg startedAt "$started" \
    --arg failed "${reason:-$(tail --lines=1 "$scratch/said" 2>/dev/null)}" --argjson exitCode "$code" '
    {schema: "upkeep/drill/v1", $service, $datastore, passed: false, $backup, $startedAt, $failed, $exitCode}' >"$scratch/record.json"
  aws s3api put-object --bucket "$BUCKET" --key "${PREFIX}drills/$name-${started//[-:]/}.json" --body "$scratch/record.json" \
    --if-none-match '*' --checksum-algorithm SHA256 >/dev/null || echo "the drill's failure could not be recorded in S3" >&2
  exit "$code"
}
trap record_failure EXIT

# Runs the AWS CLI; its error message is shown, and kept.
ask() {
  if aws s3api "$@" 2>"$scratch/said"; then return; fi
  cat "$scratch/said" >&2
  return 1
}

before=
if [ -n "${BEFORE:-}" ]; then
  [ -z "${BACKUP:-}" ] || refuse 64 "BEFORE and BACKUP are both set: set one of them"
  before=$(date -u --date="$BEFORE" +%Y%m%dT%H%M%SZ) ||
    refuse 64 "BEFORE is \"$BEFORE\", which is no time; write for example 2026-11-26T02:00:00Z"
fi

if [ "${BACKUP:-}" = golden ]; then
  chosen=$(jq --null-input --compact-output --arg key "${PREFIX}golden/manifest.json" '{key: $key, name: "golden"}')
else
  # Versions, not objects: a legal hold keeps a version that the lifecycle has hidden behind a delete marker. Of one key's versions
  # the first was published; later ones are not from a backup.
  ask list-object-versions --bucket "$BUCKET" --prefix "${PREFIX}manifests/" --output json >"$scratch/listed" ||
    refuse 1 "the manifests under s3://$BUCKET/${PREFIX}manifests/ could not be listed"
  chosen=$(jq --compact-output --arg before "$before" --arg backup "${BACKUP:-}" '
    [.Versions[]? | (.Key | split("/")) as $path
      | {key: .Key, version: .VersionId, put: .LastModified, shelf: $path[-2], name: ($path[-1] | rtrimstr(".json"))}
      | select(.name | test("^[0-9]{8}T[0-9]{6}Z-"))]
    | reverse | group_by(.key) | map(min_by(.put))
    | map(select(
        if $backup != "" then .name == $backup
        else .shelf != "suspect" and ($before == "" or .name < $before) end))
    | max_by(.name) // empty' "$scratch/listed")
fi
if [ -z "$chosen" ]; then
  wanted="no good backup"
  [ -z "${BACKUP:-}" ] || wanted="no backup \"$BACKUP\""
  [ -z "$before" ] || wanted="no good backup that began before $before"
  refuse 10 "$wanted lies under s3://$BUCKET/${PREFIX}manifests/; see what does: aws s3 ls --recursive s3://$BUCKET/${PREFIX}manifests/"
fi

name=$(jq --raw-output .name <<<"$chosen")
key=$(jq --raw-output .key <<<"$chosen")
version=$(jq --raw-output '.version // empty' <<<"$chosen")
ask get-object --bucket "$BUCKET" --key "$key" ${version:+--version-id "$version"} "$manifest" >/dev/null || {
  grep --quiet -E 'NoSuchKey|NoSuchVersion|\(404\)' "$scratch/said" &&
    refuse 10 "there is no manifest s3://$BUCKET/$key"
  refuse 1 "the manifest s3://$BUCKET/$key could not be read"
}
if ! fault=$(jq --slurp --raw-output --arg prefix "$PREFIX" --arg kind "${KIND:-}" '
  def need(holds; says): if (try holds catch false) then empty else says end;
  first(
    need(length == 1; "it is not one JSON object"),
    (.[0] |
      need(.schema == "upkeep/backup-manifest/v1"; "its schema is \(.schema), not upkeep/backup-manifest/v1"),
      need($kind == "" or .kind == $kind; "it is of kind \(.kind), not \($kind)"),
      need(.key | startswith($prefix); "its key is \(.key), which is not under \($prefix)"),
      need(.key | test("\\.[a-z]+$"); "its key is \(.key), which has no extension"),
      need(.versionId | type == "string" and . != ""; "its versionId is \(.versionId)"),
      need(.bytes | type == "number" and . > 0 and floor == .; "its bytes are \(.bytes)"),
      need(.sha256 | test("^[0-9a-f]{64}$"); "its sha256 is \(.sha256)"),
      need(.startedAt | fromdate > 0; "its startedAt is \(.startedAt)"))
  ) // ""' "$manifest" 2>/dev/null); then
  fault="it is no JSON"
fi
[ -z "$fault" ] ||
  refuse 11 "the manifest s3://$BUCKET/$key cannot be used: $fault; take the backup before it with BEFORE=$(cut --characters=1-8 <<<"$name")"

read -r data id bytes sha256 < <(jq --raw-output '[.key, .versionId, .bytes, .sha256] | map(tostring) | join(" ")' "$manifest")
file=$scratch/backup.${data##*.}
for try in 1 2 3; do
  # The CLI retries a request, but not an answer that was cut off.
  if ask get-object --bucket "$BUCKET" --key "$data" --version-id "$id" "$file" >/dev/null; then break; fi
  if grep --quiet -E 'NoSuchKey|NoSuchVersion|\(404\)' "$scratch/said"; then
    refuse 12 "the manifest s3://$BUCKET/$key names s3://$BUCKET/$data, version $id, which is not there"
  fi
  [ "$try" != 3 ] || refuse 1 "s3://$BUCKET/$data, version $id, could not be fetched"
done
actual=$(stat --format=%s "$file")
[ "$actual" = "$bytes" ] ||
  refuse 13 "s3://$BUCKET/$data, version $id, has $actual bytes; its manifest says $bytes: it is not the data that was backed up"
sum=$(sha256sum "$file")
[ "${sum%% *}" = "$sha256" ] ||
  refuse 13 "s3://$BUCKET/$data, version $id, has the sha256 ${sum%% *}; its manifest says $sha256: it is not the data that was backed up"

jq --null-input --arg name "$name" --arg manifest "$key" --arg startedAt "$started" --argjson seconds "$SECONDS" \
  '{$name, $manifest, $startedAt, $seconds}' >"$scratch/fetched.json"
rm -f "$scratch"/{listed,said}
echo "fetched $name from s3://$BUCKET: $bytes bytes, as its manifest says, in $SECONDS s"
