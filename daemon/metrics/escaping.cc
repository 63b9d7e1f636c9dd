#include "daemon/metrics/escaping.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "daemon/text/printable_name.h"
#include "daemon/text/utf8.h"

namespace mqueue::metrics {
namespace {

bool IsPlainByte(unsigned char byte) { return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\'; }

// Whether all eight bytes are plain, asked at once: every byte of the exposition comes by here. The borrow of a
// subtraction or a sign bit in any byte says no.
bool ArePlain(std::uint64_t bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kSigns = kOnes << 7;
  const auto is_zero = [](std::uint64_t value) { return (value - kOnes) & ~value; };
  const std::uint64_t control = (bytes - kOnes * 0x20) & ~bytes;
  const std::uint64_t special =
      is_zero(bytes ^ kOnes * '"') | is_zero(bytes ^ kOnes * '\\') | is_zero(bytes ^ kOnes * 0x7F);
  return ((bytes | control | special) & kSigns) == 0;
}

// Escapes valid UTF-8 in runs: whatever stands between two special characters is copied at once.
void AppendEscaped(std::string_view text, std::string_view specials, std::string& out) {
  for (;;) {
    const std::size_t run = text.find_first_of(specials);
    out += text.substr(0, run);
    if (run == std::string_view::npos) return;
    out += '\\';
    out += text[run] == '\n' ? 'n' : text[run];
    text.remove_prefix(run + 1);
  }
}

void AppendValid(std::string_view text, std::string_view specials, std::string& out) {
  if (IsPlain(text)) {
    out += text;
  } else if (IsUtf8(text)) {
    AppendEscaped(text, specials, out);
  } else {
    AppendEscaped(PrintableName(text), specials, out);
  }
}

}  // namespace

bool IsPlain(std::string_view text) {
  std::uint64_t bytes = 0;
  for (; text.size() >= sizeof bytes; text.remove_prefix(sizeof bytes)) {
    std::memcpy(&bytes, text.data(), sizeof bytes);
    if (!ArePlain(bytes)) return false;
  }
  return std::ranges::all_of(text, IsPlainByte);
}

void AppendLabelValue(std::string_view value, std::string& out) { AppendValid(value, "\\\"\n", out); }

void AppendHelp(std::string_view help, Format format, std::string& out) {
  AppendValid(help, format == Format::kText ? "\\\n" : "\\\"\n", out);
}

}  // namespace mqueue::metrics
