#!/usr/bin/env bash
# Keeps in S3 what a restore is about to replace, before it does. Where: the AWS CLI's image. Environment: BUCKET, PREFIX (ends
# with /). Reads /scratch/before.* of the previous step; without that file there is nothing to keep.
set -euo pipefail

scratch=${SCRATCH:-/scratch}
file=$(find "$scratch" -maxdepth 1 -name 'before.*')
if [ -z "$file" ]; then
  echo "nothing is replaced: there is nothing to keep"
  exit 0
fi
key=${PREFIX}before-restore/$(date -u +%Y%m%dT%H%M%SZ).${file##*.}
if [ "$(stat --format=%s "$file")" -le $((5 * 1024 ** 3)) ]; then
  aws s3api put-object --bucket "$BUCKET" --key "$key" --body "$file" --if-none-match '*' --checksum-algorithm SHA256 >/dev/null
else
  aws s3 cp --no-progress --checksum-algorithm CRC64NVME "$file" "s3://$BUCKET/$key"
fi
# The backup needs the scratch space.
rm "$file"
echo "kept what is replaced as s3://$BUCKET/$key"
