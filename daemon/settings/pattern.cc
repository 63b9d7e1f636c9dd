#include "daemon/settings/pattern.h"

#include <fmt/core.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <system_error>

#include "daemon/settings/glob.h"
#include "daemon/text/quoted.h"

namespace mqueue::settings {
namespace {

constexpr std::string_view kSpecial = "*?[\\";
// Names have at most 255 bytes.
constexpr std::size_t kLongestPattern = 1024;
constexpr std::size_t kNone = std::string_view::npos;
constexpr std::string_view kBeginnings = R"(can match no queue; POSIX names begin with "/", SysV's with "0x" or "id:")";

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

// Whether the text is written like a SysV name, but no queue has it: ids are numbers from 0 to INT_MAX without zeros in
// front, and key 0 is IPC_PRIVATE, whose queues are named by their ids.
bool IsImpossibleSysvName(std::string_view text) {
  if (text == "0x00000000") return true;
  if (!text.starts_with("id:")) return false;
  const std::string_view number = text.substr(3);
  if (number.empty() || number.find_first_not_of("0123456789") != kNone) return false;
  std::int32_t id = 0;
  const auto [end, error] = std::from_chars(number.begin(), number.end(), id);
  return error != std::errc() || (number.size() > 1 && number.front() == '0');
}

std::string NameFault(std::string_view glob, std::optional<Ipc> ipc) {
  const bool posix = ipc != Ipc::kSysv;
  const bool sysv = ipc != Ipc::kPosix;
  const bool can_match_sysv = sysv && CanMatch(glob, Ipc::kSysv) && !IsImpossibleSysvName(glob);
  if ((posix && CanMatch(glob, Ipc::kPosix)) || can_match_sysv) return {};
  const bool begins = (posix && CanBegin(glob, Ipc::kPosix)) || (sysv && CanBegin(glob, Ipc::kSysv));
  if (!begins) return std::string(kBeginnings);
  if (const std::string name = KeyInOtherNotation(glob); !name.empty()) {
    return fmt::format("can match no queue; SysV keys have eight lower-case digits: {}", Quoted(name));
  }
  if (const std::string_view bracket = EmptyBracket(glob); !bracket.empty()) {
    return fmt::format("no character matches {}; write a range from its lower to its higher end", Quoted(bracket));
  }
  return R"(can match no queue; a POSIX name has one "/", at its front, and at most 255 bytes more, a SysV name is like )"
         R"("0x0000beef" or "id:7")";
}

// Whether every match begins with the character behind the ^ in front. Knows the simplest form only: a letter, no
// alternative, and nothing that makes it optional.
bool IsHeldByLiteral(std::string_view regex) {
  constexpr std::string_view kLiterals = "/:-_";
  if (regex.size() < 2 || regex[0] != '^' || regex.find('|') != kNone) return false;
  const char c = regex[1];
  const bool literal =
      ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || kLiterals.find(c) != kNone;
  return literal && (regex.size() == 2 || std::string_view("?*{").find(regex[2]) == kNone);
}

}  // namespace

std::string GlobFault(std::string_view glob, std::optional<Ipc> ipc) {
  if (glob.empty()) return R"(matches nothing; write "*" for every queue)";
  std::string fault = LengthFault(glob);
  if (fault.empty()) fault = SyntaxFault(glob);
  return fault.empty() ? NameFault(glob, ipc) : fault;
}

std::string RegexFault(std::string_view regex, std::optional<Ipc> ipc) {
  if (regex.empty()) return R"(matches everything; write ".*" if that is meant)";
  if (std::string fault = LengthFault(regex); !fault.empty()) return fault;
  const RE2 compiled(re2::StringPiece(regex.data(), regex.size()), RE2::Quiet);
  if (compiled.ok()) {
    const std::string_view first = IsHeldByLiteral(regex) ? regex.substr(1, 1) : "";
    const bool begins = first.empty() || (ipc != Ipc::kSysv && CanBegin(first, Ipc::kPosix)) ||
                        (ipc != Ipc::kPosix && CanBegin(first, Ipc::kSysv));
    return begins ? "" : std::string(kBeginnings);
  }
  std::string_view what = compiled.error();
  if (what.ends_with(compiled.error_arg())) what.remove_suffix(compiled.error_arg().size());
  return fmt::format("{}{}; write a regular expression of RE2's syntax", what, Quoted(compiled.error_arg()));
}

}  // namespace mqueue::settings
