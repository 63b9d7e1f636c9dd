#include "daemon/settings/glob.h"

#include <fnmatch.h>

#include <algorithm>
#include <bitset>
#include <string>
#include <utility>
#include <vector>

namespace mqueue::settings {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

using Bytes = std::bitset<256>;

Bytes Of(std::string_view characters) {
  Bytes bytes;
  for (const char c : characters) bytes.set(static_cast<unsigned char>(c));
  return bytes;
}

// A piece of a glob: one character out of `bytes`, or any number of any.
struct Piece {
  Bytes bytes;
  bool star = false;
};

Bytes AnyByte() { return ~Of(std::string_view("\0", 1)); }

// Asks the library itself, so that ranges, classes and negations mean what they mean when queues are matched.
Bytes OfBracket(std::string_view bracket) {
  const std::string pattern(bracket);
  Bytes bytes;
  for (int c = 1; c < 256; ++c) {
    const char text[] = {static_cast<char>(c), '\0'};
    if (::fnmatch(pattern.c_str(), text, 0) == 0) bytes.set(static_cast<std::size_t>(c));
  }
  return bytes;
}

std::vector<Piece> PiecesOf(std::string_view glob) {
  std::vector<Piece> pieces;
  for (std::size_t at = 0; at < glob.size(); ++at) {
    switch (glob[at]) {
      case '*':
        pieces.push_back({.bytes = {}, .star = true});
        break;
      case '?':
        pieces.push_back({.bytes = AnyByte()});
        break;
      case '[': {
        const std::size_t end = ClosingBracket(glob, at);
        pieces.push_back({.bytes = OfBracket(glob.substr(at, end - at + 1))});
        at = end;
        break;
      }
      case '\\':
        ++at;
        [[fallthrough]];
      default:
        pieces.push_back({.bytes = Of(glob.substr(at, 1))});
    }
  }
  return pieces;
}

// Goes through all names at once: `Step` by `Step`, one character of each, it keeps how many pieces may be used up.
class Walk {
 public:
  explicit Walk(std::string_view glob) : pieces_(PiecesOf(glob)), used_(pieces_.size() + 1) {
    used_[0] = true;
    SkipStars();
  }

  // The next character of the names is one of `bytes`.
  void Step(const Bytes& bytes) {
    std::vector<bool> next(used_.size());
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      if (!used_[i]) continue;
      if (pieces_[i].star) next[i] = true;
      if ((pieces_[i].bytes & bytes).any()) next[i + 1] = true;
    }
    used_ = std::move(next);
    SkipStars();
  }

  // Whether the glob matches a name that ends here.
  bool Matches() const { return used_.back(); }

  // Whether it could match a longer one.
  bool CanGoOn() const { return std::ranges::find(used_, true) != used_.end(); }

 private:
  // A star may stand for nothing.
  void SkipStars() {
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      if (used_[i] && pieces_[i].star) used_[i + 1] = true;
    }
  }

  std::vector<Piece> pieces_;
  std::vector<bool> used_;
};

// Whether the glob matches a name that begins as `walk` has seen it, followed by `least` to `most` of `bytes`.
bool MatchesWith(Walk walk, const Bytes& bytes, std::size_t least, std::size_t most) {
  for (std::size_t length = 0; length <= most && walk.CanGoOn(); ++length) {
    if (length >= least && walk.Matches()) return true;
    walk.Step(bytes);
  }
  return false;
}

Walk After(Walk walk, std::string_view text) {
  for (const char c : text) walk.Step(Of(std::string_view(&c, 1)));
  return walk;
}

}  // namespace

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

std::string_view EmptyBracket(std::string_view glob) {
  for (std::size_t at = 0; at < glob.size(); ++at) {
    if (glob[at] == '\\') {
      ++at;
      continue;
    }
    if (glob[at] != '[') continue;
    const std::size_t end = ClosingBracket(glob, at);
    const std::string_view bracket = glob.substr(at, end - at + 1);
    if (OfBracket(bracket).none()) return bracket;
    at = end;
  }
  return {};
}

bool CanMatch(std::string_view glob, Ipc ipc) {
  constexpr std::size_t kLongestPosixName = 255;
  const Walk start(glob);
  if (ipc == Ipc::kPosix) {
    return MatchesWith(After(start, "/"), AnyByte() & ~Of("/"), 1, kLongestPosixName);
  }
  // As SysvQueueName writes them.
  return MatchesWith(After(start, "0x"), Of("0123456789abcdef"), 8, 8) ||
         MatchesWith(After(start, "id:"), Of("0123456789"), 1, 10);
}

}  // namespace mqueue::settings
