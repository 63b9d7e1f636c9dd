#include "daemon/os/kernel_names.h"

#include <algorithm>
#include <cctype>
#include <fstream>

namespace mqueue::os {
namespace {

constexpr std::size_t kChunk = 1 << 18;

bool IsPartOfName(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; }

// Whether a name in `text` ends in `ending`.
bool HasNameEndingIn(std::string_view ending, std::string_view text) {
  for (auto at = text.find(ending); at != std::string_view::npos; at = text.find(ending, at + 1)) {
    const auto behind = at + ending.size();
    if (behind < text.size() && !IsPartOfName(text[behind])) return true;
  }
  return false;
}

}  // namespace

bool KernelNamesSyscall(std::string_view name, const std::vector<std::string>& lists) {
  const std::string ending = "_sys_" + std::string(name);
  for (const std::string& list : lists) {
    std::ifstream file(list, std::ios::binary);
    std::string text;
    std::string chunk(kChunk, '\0');
    bool readable = false;
    // A name may lie across two chunks: the end of one is searched again with the next.
    while (file.read(chunk.data(), static_cast<std::streamsize>(kChunk)), file.gcount() > 0) {
      readable = true;
      text.erase(0, text.size() - std::min(text.size(), ending.size()));
      text.append(chunk, 0, static_cast<std::size_t>(file.gcount()));
      if (HasNameEndingIn(ending, text)) return true;
    }
    if (readable) return HasNameEndingIn(ending, text + '\n');
  }
  return false;
}

}  // namespace mqueue::os
