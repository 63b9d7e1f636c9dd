# Shared by kernel/build and the test runners: messages, and where things are.
# Sourced, so: bash, and the caller has set -euo pipefail.

kernel_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# The Debian package, and the directory of the series written for it.
linux_version=6.12
source_package=linux-source-$linux_version
source_archive=/usr/src/$source_package.tar.xz
patch_dir=$kernel_dir/patches/$linux_version
cache_dir=${XDG_CACHE_HOME:-$HOME/.cache}/mqueue-exporter/kernel
jobs=${JOBS:-$(nproc)}

say() {
	printf '%s\n' "$*" >&2
}

die() {
	say "${0##*/}: $*"
	exit 1
}

# need_packages PACKAGE... - have these Debian packages, or say how to get them.
need_packages() {
	local package missing=()
	for package in "$@"; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
			missing+=("$package")
	done
	[[ ${#missing[@]} -eq 0 ]] && return
	if [[ $EUID -ne 0 ]]; then
		die "missing packages; run: sudo apt-get install ${missing[*]}"
	fi
	say "installing: ${missing[*]}"
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
		-o DPkg::Lock::Timeout=600 "${missing[@]}" >&2 ||
		die "apt-get could not install ${missing[*]}; run apt-get update and try again"
}

# with_progress LOG COMMAND... - run a long command, its output in LOG, and
# every ten seconds one line that says how far it is.  On failure, show the end.
with_progress() {
	local log=$1 line last=$SECONDS start=$SECONDS steps=0 status
	shift
	set +e
	"$@" 2>&1 </dev/null | while IFS= read -r line; do
		printf '%s\n' "$line"
		steps=$((steps + 1))
		if [[ $((SECONDS - last)) -ge 10 ]]; then
			last=$SECONDS
			say "  $((SECONDS - start)) s, $steps steps: $line"
		fi
	done >"$log"
	status=${PIPESTATUS[0]}
	set -e
	if [[ $status -ne 0 ]]; then
		grep -nE 'error|Error|undefined|\*\*\*' "$log" | head -20 >&2
		tail -5 "$log" >&2
		say "failed; the whole output is in $log"
	fi
	return "$status"
}
