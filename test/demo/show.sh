#!/bin/bash
# Starts the demo's traffic and an exporter that looks at it, shows a little of what it exports, and goes on until
# Ctrl-C or SIGTERM; then ends both, which removes the queues.
# usage: [FIRST_PORT=N] show.sh TRAFFIC EXPORTER CONFIG
set -uo pipefail

readonly traffic=$1 exporter=$2 config=$3
readonly first_port=${FIRST_PORT:-9992}
pids=()

# Listening TCP ports, IPv4 and IPv6, in hexadecimal as the kernel lists them.
listening_ports() {
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" { sub(/.*:/, "", $2); print $2 }'
}

free_port() {
  local port=$first_port taken
  taken=$(listening_ports)
  while grep -qx "$(printf '%04X' "$port")" <<<"$taken"; do port=$((port + 1)); done
  echo "$port"
}

# Without curl, which need not be there.
get() {
  exec 3<>"/dev/tcp/127.0.0.1/$port" || return
  printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$1" >&3
  cat <&3
  exec 3>&-
}

is_ready() { get /-/ready 2>/dev/null | head -n 1 | grep -q ' 200 '; }

end() {
  trap - EXIT
  trap '' INT TERM HUP
  # The exporter first, so that it does not see the queues go one by one.
  local pid
  for pid in "${pids[@]}"; do
    kill "$pid" 2>/dev/null
    wait "$pid"
  done
  "$traffic" --remove
  exit "$1"
}

start_exporter() {
  "$exporter" --config.file="$config" --web.listen-address=":$port" --log.level=warn </dev/null &
  pids=("$!" "${pids[@]}")
}

# Returns when the queues are there, so that the exporter's first look already sees them: an empty line says so. Fails
# when the traffic did not start; its own line then says why.
start_traffic() {
  local directory line
  directory=$(mktemp -d)
  mkfifo "$directory/said"
  "$traffic" "$@" </dev/null >"$directory/said" &
  pids=("$!" "${pids[@]}")
  exec 4<"$directory/said"
  rm -r "$directory"
  while read -r line <&4 && [[ -n $line ]]; do echo "  $line"; done
  if kill -0 "${pids[0]}" 2>/dev/null; then return; fi
  wait "${pids[0]}"
  pids=("${pids[@]:1}")
  return 1
}

wait_until_ready() {
  until is_ready; do
    kill -0 "${pids[0]}" 2>/dev/null || { echo "The exporter did not start; its own line above says why." >&2; end 1; }
    sleep 0.1
  done
}

samples() {
  get /metrics | grep -E '^mqueue_(messages|bytes|(head|oldest)_message_age_seconds|message_(type|priority)_bucket)\{' |
    grep -E 'demo-(stalled|starved|nearly-full)|0x6d716402' | grep -vE 'le="(0|3|15|31|63|127|255|4095|32767)\.' | sed 's/^/  /'
}

trap 'end $?' EXIT
trap 'end 0' INT TERM HUP

port=$(free_port)
"$traffic" --remove
echo "Queues with traffic:"
start_traffic || { echo "The traffic did not start; its own line above says why." >&2; end 1; }
# As a container has it; where none can be made, the rest of the demo is as good.
start_traffic --elsewhere || true
if ((port != first_port)); then echo "Port $first_port is taken, so the exporter listens on $port."; fi
start_exporter
wait_until_ready
cat <<TEXT

The exporter is looking at them:
  http://localhost:$port/metrics    curl -s localhost:$port/metrics | grep head_message_age
  http://localhost:$port/           what else it serves

A few lines of it as they are now:
$(samples)

Ctrl-C ends the traffic and the exporter and removes the queues.
TEXT

# Ends too when one of the two does.
wait -n
echo "The traffic or the exporter has ended by itself." >&2
end 1
