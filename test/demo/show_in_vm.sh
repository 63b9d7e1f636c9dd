#!/bin/bash
# Runs show.sh in a guest on the patched kernel until Ctrl-C or SIGTERM. What the exporter there serves is served on this
# machine's loopback, on the first port from 9992 on that nobody listens on.
# usage: show_in_vm.sh TRAFFIC EXPORTER CONFIG, from the root of the sources
set -euo pipefail

readonly traffic=$1 exporter=$2 config=$3

port=9992
while (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done

# The guest takes the same port, so that what show.sh says is true here. A process group of its own ends as one.
setsid test/vm/run --timeout 86400 \
  --add /bin/bash --add test/demo/show.sh:/demo/show.sh \
  --add "$traffic:/demo/traffic" --add "$exporter:/demo/exporter" --add "$config:/demo/config.yml" \
  --qemu -netdev --qemu "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:$port-10.0.2.15:$port" \
  --qemu -device --qemu virtio-net-pci,netdev=net,romfile= \
  --command "ip address add 10.0.2.15/24 dev eth0 && ip link set eth0 up &&
    FIRST_PORT=$port bash /demo/show.sh /demo/traffic /demo/exporter /demo/config.yml" &
readonly guest=$!

end() {
  trap - INT TERM
  kill -TERM -- "-$guest" 2>/dev/null
  wait "$guest" || true
  exit 0
}
trap end INT TERM
wait "$guest"
