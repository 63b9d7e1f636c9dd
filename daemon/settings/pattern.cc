#include "daemon/settings/pattern.h"

#include <fmt/core.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <system_error>

#include "daemon/settings/problems.h"

namespace mqueue::settings {
namespace {

constexpr std::string_view kSpecial = "*?[\\";
// Names have at most 255 bytes.
constexpr std::size_t kLongestPattern = 1024;
constexpr std::size_t kNone = std::string_view::npos;

// The offset of the bracket that closes the one at `open`. A bracket that is first, one of a class as in [[:alnum:]]
// and one behind a backslash close nothing.
std::size_t ClosingBracket(std::string_view glob, std::size_t open) {
  std::size_t at = open + 1;
  if (at < glob.size() && (glob[at] == '!' || glob[at] == '^')) ++at;
  if (at < glob.size() && glob[at] == ']') ++at;
  for (; at < glob.size(); ++at) {
    if (glob[at] == ']') return at;
    if (glob[at] == '\\') ++at;
    if (glob.substr(at, 2) != "[:") continue;
    const std::size_t end = glob.find(":]", at + 2);
    if (end != kNone) at = end + 1;
  }
  return kNone;
}

std::string LengthFault(std::string_view pattern) {
  if (pattern.size() <= kLongestPattern) return {};
  return fmt::format("has {} bytes; write at most {}", pattern.size(), kLongestPattern);
}

std::string SyntaxFault(std::string_view glob) {
  for (std::size_t at = 0; at < glob.size(); ++at) {
    if (glob[at] == '\\') {
      if (++at == glob.size()) return R"(ends in a backslash; write \\ for a backslash)";
      continue;
    }
    if (glob[at] != '[') continue;
    at = ClosingBracket(glob, at);
    if (at == kNone) return R"([ is not closed; close it with ], or write \[ for a bracket)";
  }
  return {};
}

// Whether some name of a queue of that kind could begin as the glob does, as far as its first letter tells.
bool CanBegin(std::string_view glob, Ipc ipc) {
  if (kSpecial.find(glob.front()) != kNone) return true;
  return ipc == Ipc::kPosix ? glob.front() == '/' : glob.front() == '0' || glob.front() == 'i';
}

// The name of the SysV queue whose key the text is, in another notation than the name has; empty when it is none.
std::string KeyInOtherNotation(std::string_view text) {
  if (!text.starts_with("0x") && !text.starts_with("0X")) return {};
  std::uint32_t key = 0;
  const auto [end, error] = std::from_chars(text.begin() + 2, text.end(), key, 16);
  if (error != std::errc() || end != text.end() || key == 0) return {};
  const std::string name = SysvQueueName(static_cast<std::int32_t>(key), 0);
  return name == text ? "" : name;
}

std::string NameFault(std::string_view glob, std::optional<Ipc> ipc) {
  const bool posix = ipc != Ipc::kSysv && CanBegin(glob, Ipc::kPosix);
  const bool sysv = ipc != Ipc::kPosix && CanBegin(glob, Ipc::kSysv);
  if (!posix && !sysv) return R"(can match no queue; POSIX names begin with "/", SysV's with "0x" or "id:")";
  if (const std::string name = KeyInOtherNotation(glob); !name.empty()) {
    return fmt::format("can match no queue; SysV keys have eight lower-case digits: {}", Quoted(name));
  }
  return {};
}

}  // namespace

std::string GlobFault(std::string_view glob, std::optional<Ipc> ipc) {
  if (glob.empty()) return R"(matches nothing; write "*" for every queue)";
  std::string fault = LengthFault(glob);
  if (fault.empty()) fault = SyntaxFault(glob);
  return fault.empty() ? NameFault(glob, ipc) : fault;
}

std::string RegexFault(std::string_view regex) {
  if (regex.empty()) return R"(matches everything; write ".*" if that is meant)";
  if (std::string fault = LengthFault(regex); !fault.empty()) return fault;
  const RE2 compiled(re2::StringPiece(regex.data(), regex.size()), RE2::Quiet);
  if (compiled.ok()) return {};
  std::string_view what = compiled.error();
  if (what.ends_with(compiled.error_arg())) what.remove_suffix(compiled.error_arg().size());
  return fmt::format("{}{}; write a regular expression of RE2's syntax", what, Quoted(compiled.error_arg()));
}

}  // namespace mqueue::settings
