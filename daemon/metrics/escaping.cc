#include "daemon/metrics/escaping.h"

#include <algorithm>
#include <array>

#include "daemon/queue/printable_name.h"
#include "daemon/queue/utf8.h"

namespace mqueue::metrics {
namespace {

// The bytes of plain text: a table, because each byte of the exposition comes by here.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < 0x7F; ++byte) plain[byte] = byte != '\\' && byte != '"';
  return plain;
}();

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
  return std::ranges::all_of(text, [](char byte) { return kPlain[static_cast<unsigned char>(byte)]; });
}

void AppendLabelValue(std::string_view value, std::string& out) { AppendValid(value, "\\\"\n", out); }

void AppendHelp(std::string_view help, Format format, std::string& out) {
  AppendValid(help, format == Format::kText ? "\\\n" : "\\\"\n", out);
}

}  // namespace mqueue::metrics
