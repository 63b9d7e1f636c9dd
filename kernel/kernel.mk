# What people type about the kernel series; included by the top Makefile.

.PHONY: kernel vm vm-demo test-vm vm-shell test-kernel test-kernel-all release-check bench-kernel soak soak-kernel

# Build the plain kernel of the series (once: the result is cached).
kernel:
	kernel/build small

# Boot it, run the selftests, power off.  CONFIGURATION=debug or kcsan for others.
CONFIGURATION ?= small
vm:
	test/vm/selftests $(CONFIGURATION)

# The demo of `make run` in it, served on this machine's loopback.
vm-demo:
	@tools/vm-demo

# The exporter in it, and in the kernel without the series.
test-vm:
	test/vm/exporter/run

# A shell in it, with the programs named in BINARIES in /bin.
vm-shell:
	test/vm/run --kernel $(CONFIGURATION) $(foreach file,$(BINARIES),--add $(file)) --shell

# The plain and the debug kernel. `make test` runs the second one only.
test-kernel:
	test/vm/test-kernel small debug

# Everything: other configurations and architectures, the kernel's own tests
# before and after, and proof that the selftests can fail.
test-kernel-all:
	test/vm/test-kernel-all

# What takes too long for `make test`: all of the above, and the long loads.
release-check: test-kernel-all soak
	test/vm/exporter/run bpf_test-6.12 fallback_test

# Before and after, as ratios; then what the exporter's looks cost beside bare calls.
bench-kernel:
	test/bench/kernel/run
	test/bench/vm/run

# Long loads: on the kernel, of everything at once on the exporter, and of clients on its port, HOSTILE_SECONDS for each of
# four ways. `make test` runs the same for 30 seconds each.
SOAK_SECONDS ?= 1800
EVERYTHING_SECONDS ?= 600
HOSTILE_SECONDS ?= 600
soak: soak-kernel
	bazel test //test/integration:everything_at_once_test --test_env=SOAK_SECONDS=$(EVERYTHING_SECONDS) --test_output=all
	bazel test //test/integration:hostile_load_test --test_env=HOSTILE_SECONDS=$(HOSTILE_SECONDS) --test_output=errors

soak-kernel:
	test/vm/soak $(SOAK_SECONDS)
	test/vm/soak-bpf $(SOAK_SECONDS)
