# Runs in the new root.
set -eu
ln -s bash /usr/bin/sh
ln -sf gawk /usr/bin/awk
mkdir -p /aws

# The services' descriptions are 120 MB; botocore reads them compressed too. Examples are for the help pages alone.
rm -r /usr/local/lib/python/awscli/examples
python3.13 - <<'PYTHON'
import gzip, pathlib
for file in pathlib.Path("/usr/local/lib/python/awscli/botocore/data").rglob("*-[0-9].json"):
    file.with_suffix(".json.gz").write_bytes(gzip.compress(file.read_bytes(), mtime=0))
    file.unlink()
PYTHON

# Files keep no time of change, so byte code is not checked against it. It makes the CLI start in a third of the time.
python3.13 -m compileall -q --invalidation-mode unchecked-hash /usr/lib/python3.13 /usr/local/lib/python
