"""clang-tidy as an aspect: one cached action a source file, with the flags that Bazel compiles the file with.

    bazel build --config=lint //...

Headers are judged where a source of ours includes them (HeaderFilterRegex in .clang-tidy).
"""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "CPP_COMPILE_ACTION_NAME")
load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")

def _compiler_flags(ctx):
    toolchain = find_cpp_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    variables = cc_common.create_compile_variables(
        feature_configuration = features,
        cc_toolchain = toolchain,
        user_compile_flags = ctx.fragments.cpp.copts + ctx.fragments.cpp.cxxopts,
    )
    return cc_common.get_memory_inefficient_command_line(
        feature_configuration = features,
        action_name = CPP_COMPILE_ACTION_NAME,
        variables = variables,
    )

def _context_flags(compilation_context):
    flags = ["-D" + define for define in compilation_context.defines.to_list()]
    flags += ["-D" + define for define in compilation_context.local_defines.to_list()]
    for directory in compilation_context.quote_includes.to_list():
        flags += ["-iquote", directory]
    for directory in compilation_context.system_includes.to_list():
        flags += ["-isystem", directory]
    return flags

def _tidy(ctx, source, headers, flags):
    report = ctx.actions.declare_file("%s.%s.clang-tidy" % (ctx.label.name, source.basename))
    ctx.actions.run(
        executable = ctx.executable._runner,
        arguments = [report.path, source.path, ctx.file._config.path] + flags,
        inputs = depset([source, ctx.file._config], transitive = [headers]),
        outputs = [report],
        mnemonic = "ClangTidy",
        progress_message = "clang-tidy %s" % source.short_path,
        use_default_shell_env = True,
    )
    return report

def _clang_tidy_impl(target, ctx):
    if not ctx.rule.kind.startswith("cc_") or target.label.workspace_name:
        return []
    sources = [f for src in ctx.rule.attr.srcs for f in src.files.to_list() if f.extension == "cc"]

    # What a binary or a test hands on says nothing of what it includes.
    needed = [dep[CcInfo] for dep in [target] + ctx.rule.attr.deps if CcInfo in dep]
    context = cc_common.merge_cc_infos(cc_infos = needed).compilation_context
    copts = ctx.rule.attr.copts
    flags = _compiler_flags(ctx) + copts + _context_flags(context)
    headers = depset(
        [f for src in ctx.rule.attr.srcs for f in src.files.to_list() if f.extension == "h"],
        transitive = [context.headers],
    )
    return [OutputGroupInfo(clang_tidy = depset([_tidy(ctx, source, headers, flags) for source in sources]))]

clang_tidy = aspect(
    implementation = _clang_tidy_impl,
    attrs = {
        "_cc_toolchain": attr.label(default = Label("@bazel_tools//tools/cpp:current_cc_toolchain")),
        "_config": attr.label(default = Label("//:.clang-tidy"), allow_single_file = True),
        "_runner": attr.label(default = Label("//tools/lint:clang_tidy"), executable = True, cfg = "host"),
    },
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
)
