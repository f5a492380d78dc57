#!/usr/bin/env bash
# Publishes one artefact: first the data under a key of its own, then, last, the manifest that makes it a backup.
# An object without a manifest does not exist for anyone, so a run that dies anywhere leaves no half backup.
# Where: the AWS CLI's image. Environment: ARTEFACT (path), BUCKET, PREFIX (ends with /), TIERS (declared ones, longest first),
# SHRINK (share, such as 50%), ACCEPTS (name of a suspect run, or empty), PUT_LIMIT and PART (bytes of one put and of one part), RUN
# (unique per pod), SERVICE, DATASTORE, IMAGE (that made the artefact). Reads /scratch/about.json: see docs/backup-manifest.md.
# Exits with 3 after it published a suspect run, with 4 if the clock was moved back: a retry would change neither.
set -euo pipefail
# Compares names by their bytes.
export LC_ALL=C

# Process 1 ignores a signal without a trap, and bash runs a trap only after its foreground command ends.
trap 'echo "told to stop: what has no manifest yet is not published" >&2; exit 143' TERM INT
attend() {
  "$@" &
  wait $!
}
fail() {
  echo "$2" >&2
  exit "$1"
}

about=/scratch/about.json
attend sha256sum "$ARTEFACT" >/tmp/sha256
sha256=$(</tmp/sha256)
sha256=${sha256%% *}
read_back=$(jq --raw-output '.sha256 // empty' "$about")
if [ -n "$read_back" ] && [ "$read_back" != "$sha256" ]; then
  fail 1 "$ARTEFACT has the SHA-256 $sha256, and had $read_back when it was read back: its disk damaged it since; it is not published"
fi
bytes=$(stat --format=%s "$ARTEFACT")
started=$(jq --exit-status --raw-output .startedAt "$about")
name=${started//[-:]/}-$RUN

# The existing backups, as versions: a legal hold keeps what the lifecycle has already hidden. Names begin with the start, so the
# greatest is the newest.
attend aws s3api list-object-versions --bucket "$BUCKET" --prefix "${PREFIX}manifests/" \
  --query 'Versions[].[Key, VersionId, IsLatest]' --output text >/tmp/versions
now=$(date -u +%Y%m%dT%H%M%SZ)
ahead='' accepted='' base='' last='' last_version=''
declare -A shelf=()
while read -r found id latest; do
  [[ $found =~ ^"$PREFIX"manifests/([a-z]+)/([0-9]{8}T[0-9]{6}Z-[^/]+)\.json$ ]] || continue
  one=${BASH_REMATCH[2]}
  shelf[$one]=${BASH_REMATCH[1]}
  if [[ ${one%%-*} > $now ]]; then
    # A manifest that a person has hidden no longer shows that a clock is wrong.
    if [ "${latest,,}" = true ]; then ahead=$one; fi
    continue
  fi
  if [ "${shelf[$one]}" = suspect ]; then
    [ "$one" = "$ACCEPTS" ] || continue
    accepted=$one
  fi
  if [[ $one > $base ]]; then base=$one last=$found last_version=$id; fi
done </tmp/versions
if [ -n "$ACCEPTS" ] && [ -z "$accepted" ]; then
  echo "no suspect run $ACCEPTS lies under s3://$BUCKET/${PREFIX}manifests/suspect/: nothing is accepted"
fi

if [ -n "$ahead" ]; then
  fail 4 "a backup, $ahead, started at ${ahead%%-*}, and this node's clock says $now: the clock was moved back, or was ahead then. \
Nothing is published, for names in order would no longer be backups in order. Correct the node's clock; where the other one was wrong, \
hide that manifest: aws s3api delete-object --bucket $BUCKET --key ${PREFIX}manifests/${shelf[$ahead]}/$ahead.json"
fi

# Sets `period` to the part of a run's name that all runs of the same period of a tier share: a subshell for each name takes long.
period_of() {
  case $1 in
    monthly) period=${2:0:6} ;;
    weekly) period=$(date --utc --date="${2:0:8}" +%GW%V) ;;
    daily) period=${2:0:8} ;;
    hourly) period=${2:0:11} ;;
  esac
}
# Whether a backup of these tiers was made in the first one's current period.
served() {
  local current one period
  period_of "$1" "$name"
  current=$period
  for one in "${!shelf[@]}"; do
    [[ " $* " == *" ${shelf[$one]} "* ]] || continue
    period_of "$1" "$one"
    if [ "$period" = "$current" ]; then return 0; fi
  done
  return 1
}
# The longest tier that has no backup of its current period, in it or a longer one; else the shortest.
longer=
for tier in $TIERS; do
  # shellcheck disable=SC2086 # a word for each tier
  served "$tier" $longer || break
  longer+=" $tier"
done

# Why the run is suspect, one reason per line; empty if it is not.
reasons() {
  jq --null-input --raw-output --argjson bytes "$bytes" --arg share "$SHRINK" --slurpfile last "$1" --slurpfile now "$about" '
    def counted: {
      tables: (.tables | if . then length else null end), files, fileBytes,
      keys: (.databases | if . then map(.keys) | add // 0 else null end),
      objects: (.objects | if . then map(.count) | add // 0 else null end),
    };
    ($share | rtrimstr("%") | tonumber / 100) as $share
    | ($last[0] | counted + {bytes}) as $last
    | ($now[0].content | counted + {$bytes}) as $now
    | $now | to_entries[] | select(.value != null) | $last[.key] as $before
    | if ($before | type) != "number" then "the last one does not say how many \(.key) it has"
      elif $before - .value > $before * $share then "\(.key) fell from \($before) to \(.value)"
      else empty end'
}
suspect=
if [ -n "$base" ]; then
  attend aws s3api get-object --bucket "$BUCKET" --key "$last" --version-id "$last_version" /tmp/last.json >/dev/null ||
    fail 1 "s3://$BUCKET/$last cannot be read, so nobody can tell whether this run is as large as the last: nothing is published"
  suspect=$(reasons /tmp/last.json 2>/dev/null) || suspect="the last one cannot be read as a manifest"
  suspect=${suspect//$'\n'/, }
fi
if [ -n "$suspect" ]; then tier=suspect; fi
key=${PREFIX}data/$tier/$name.${ARTEFACT##*.}
manifest=${PREFIX}manifests/$tier/$name.json

# The lifecycle would soon delete what may be the last good backup.
hold() {
  attend aws s3api put-object-legal-hold --bucket "$BUCKET" --key "$1" --version-id "$2" --legal-hold Status=ON ||
    echo "s3://$BUCKET/$1 could not be held: it expires as any other backup; hold it by hand" >&2
}
if [ -n "$suspect" ]; then
  hold "$last" "$last_version"
  if held=$(jq --exit-status --raw-output 'select(.key and .versionId) | "\(.key) \(.versionId)"' /tmp/last.json 2>/dev/null); then
    hold "${held% *}" "${held##* }"
  fi
fi

refused() {
  cat /tmp/refusal >&2
  if grep --quiet PreconditionFailed /tmp/refusal; then
    fail 1 "s3://$BUCKET/$1 exists already: another run has this name, or S3's answer to this one was lost. Nothing was overwritten; \
this run publishes no more, and the next one takes a name of its own"
  fi
  exit 1
}
# S3 refuses a put whose content has another checksum, and one to a key that exists. It answers with the version and the checksum.
put() {
  local checksum
  # shellcheck disable=SC2001 # every pair of digits
  checksum=$(printf '%b' "$(sed 's/../\\x&/g' <<<"$3")" | base64)
  aws s3api put-object --bucket "$BUCKET" --key "$1" --body "$2" --if-none-match '*' --checksum-sha256 "$checksum" \
    --query '[VersionId, ChecksumSHA256]' --output text >/tmp/answer 2>/tmp/refusal &
  wait $! || refused "$1"
  read -r version confirmed </tmp/answer
  [ "$confirmed" = "$checksum" ] || fail 1 "S3 did not say that s3://$BUCKET/$1 has the checksum $checksum, but ${confirmed:-nothing}: it is not published"
}
# For more than one put can hold. S3 verifies each part's checksum, and computes that of the whole from them.
put_in_parts() {
  local upload number count answer
  count=$(((bytes + PART - 1) / PART))
  attend aws s3api create-multipart-upload --bucket "$BUCKET" --key "$key" --checksum-algorithm CRC64NVME \
    --checksum-type FULL_OBJECT --query UploadId --output text >/tmp/answer
  upload=$(</tmp/answer)
  : >/tmp/parts
  for ((number = 1; number <= count; number++)); do
    attend dd if="$ARTEFACT" of=/scratch/part bs=1M iflag=skip_bytes,count_bytes skip=$(((number - 1) * PART)) count="$PART" status=none
    attend aws s3api upload-part --bucket "$BUCKET" --key "$key" --upload-id "$upload" --part-number "$number" \
      --body /scratch/part --checksum-algorithm CRC64NVME --query '{ETag: ETag, ChecksumCRC64NVME: ChecksumCRC64NVME}' \
      --output json >/tmp/answer
    jq --argjson number "$number" '{PartNumber: $number} + .' /tmp/answer >>/tmp/parts
  done
  rm -f /scratch/part
  jq --slurp '{Parts: .}' /tmp/parts >/tmp/parts.json
  aws s3api complete-multipart-upload --bucket "$BUCKET" --key "$key" --upload-id "$upload" --if-none-match '*' \
    --multipart-upload file:///tmp/parts.json --mpu-object-size "$bytes" --checksum-type FULL_OBJECT \
    --query VersionId --output text >/tmp/answer 2>/tmp/refusal &
  wait $! || refused "$key"
  version=$(</tmp/answer)
  attend aws s3api list-object-versions --bucket "$BUCKET" --prefix "$key" --query 'Versions[].[VersionId, Size]' \
    --output text >/tmp/answer
  answer=$(</tmp/answer)
  [ "$answer" = "$version"$'\t'"$bytes" ] ||
    fail 1 "s3://$BUCKET/$key is $answer (version and bytes), not $version and the $bytes bytes that were sent: it is not published"
}
if [ "$bytes" -le "$PUT_LIMIT" ]; then put "$key" "$ARTEFACT" "$sha256"; else put_in_parts; fi
if [ "$version" = None ] || [ "$version" = null ]; then
  fail 1 "s3://$BUCKET/$key has no version: the bucket's versioning is off, so nothing protects the backup; turn it on"
fi

jq --exit-status \
  --arg service "$SERVICE" --arg datastore "$DATASTORE" --arg image "$IMAGE" \
  --arg bucket "$BUCKET" --arg key "$key" --arg sha256 "$sha256" --argjson bytes "$bytes" --arg suspect "$suspect" \
  --arg versionId "$version" --arg finishedAt "$(date -u +%Y-%m-%dT%H:%M:%SZ)" '
  {
    schema: "upkeep/backup-manifest/v1", kind, $service, $datastore,
    $bucket, $key, $versionId, $bytes, $sha256,
    startedAt, $finishedAt, serverVersion, clientVersion, $image,
  } + if $suspect == "" then {} else {$suspect} end
  | . as $facts | $about[0].content
  | (keys - (keys - ($facts | keys))) as $both
  | if $both == [] then $facts + . else error("content may not say \($both): the manifest says it of the artefact") end
  ' --slurpfile about "$about" "$about" >/tmp/manifest.json
sha256=$(sha256sum /tmp/manifest.json)
put "$manifest" /tmp/manifest.json "${sha256%% *}"

if [ -n "$suspect" ]; then
  fail 3 "published as suspect, under s3://$BUCKET/$manifest: $suspect. The last good one, $base, is held beyond its time, and no restore \
takes by itself what is more than $SHRINK under it, or cannot be compared with it. Where the loss is real, restore $base; where the new size is \
right, write accepts: \"$name\" into the backup's declaration: the next run is then compared with this one"
fi
echo "published s3://$BUCKET/$manifest"
