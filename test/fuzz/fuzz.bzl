"""A libFuzzer target that runs a fixed number of inputs as a test."""

def fuzz_test(name, srcs, deps, seeds, runs = 50000, max_len = 4096):
    """Builds `srcs`, which define LLVMFuzzerTestOneInput, and runs them from the seed files on.

    The run is bounded by a count and not by the clock, with a fixed seed, so that it does the same work on every machine.
    Only --config=fuzz can link it; in any other build the targets are left out of the wildcards.

    Args:
      name: the test; the bare fuzzer, for longer runs by hand, is NAME_fuzzer.
      srcs: usually one file.
      deps: what is fuzzed.
      seeds: files to begin with, glob(["corpus/NAME/**"]) for a directory of the corpus.
      runs: inputs to try.
      max_len: bytes of the longest input.
    """
    native.cc_binary(
        name = name + "_fuzzer",
        testonly = True,
        srcs = srcs,
        tags = ["fuzz", "manual"],
        deps = deps,
    )
    native.sh_test(
        name = name,
        size = "medium",
        srcs = ["run_fuzzer.sh"],
        args = [
            "$(rootpath :%s_fuzzer)" % name,
            str(runs),
            str(max_len),
        ] + ["$(rootpaths %s)" % seed for seed in seeds],
        data = [":%s_fuzzer" % name] + seeds,
        tags = ["fuzz", "manual"],
    )
