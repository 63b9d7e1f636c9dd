// Whatever name, label or help text somebody chooses: what is written is valid, and says exactly what was chosen.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/metrics/escaping.h"
#include "daemon/metrics/exposition_writer.h"
#include "daemon/metrics/queue_series.h"
#include "daemon/text/printable_name.h"
#include "daemon/text/utf8.h"

namespace {

using mqueue::metrics::Format;

void Require(bool fact) {
  if (!fact) std::abort();
}

// What a scraper reads out of a label value or a help text.
std::string Unescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      result += text[i];
    } else {
      Require(++i < text.size());
      result += text[i] == 'n' ? '\n' : text[i];
    }
  }
  return result;
}

// The name behind a printable one.
std::string Decoded(std::string_view printable) {
  std::string name;
  while (!printable.empty()) {
    const bool hex = printable.front() == '\\';
    Require(!hex || (printable.size() >= 4 && printable[1] == 'x'));
    name += hex ? static_cast<char>(std::stoi(std::string(printable.substr(2, 2)), nullptr, 16)) : printable.front();
    printable.remove_prefix(hex ? 4 : 1);
  }
  return name;
}

// Whether no quote stands in it that would end the label value.
bool IsClosed(std::string_view value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '"' || value[i] == '\n') return false;
    if (value[i] == '\\') ++i;
  }
  return true;
}

void CheckLabelValue(std::string_view input) {
  std::string value;
  mqueue::metrics::AppendLabelValue(input, value);
  Require(mqueue::IsUtf8(value) && IsClosed(value));
  if (mqueue::IsUtf8(input)) Require(Unescaped(value) == input);
}

void CheckHelp(std::string_view input, Format format) {
  std::string help;
  mqueue::metrics::AppendHelp(input, format, help);
  Require(mqueue::IsUtf8(help) && help.find('\n') == std::string::npos);
  if (mqueue::IsUtf8(input)) Require(Unescaped(help) == input);
}

void CheckName(std::string_view input) {
  const std::string printable = mqueue::PrintableName(input);
  Require(mqueue::IsUtf8(printable) && Decoded(printable) == input);
}

// One hostile queue leaves the lines of an exposition as they are with an ordinary one, its name apart.
void CheckExposition(std::string_view input, Format format) {
  mqueue::QueueState state{.queue = {.policy = std::make_shared<mqueue::QueuePolicy>()},
                           .look = mqueue::QueueSnapshot{}};
  state.queue.ref.name = input;
  const std::array<const mqueue::QueueState*, 1> queues = {&state};
  std::string text;
  mqueue::metrics::ExpositionWriter writer(format, text);
  mqueue::metrics::QueueSeries(queues, {}).Write(writer);
  // mqueue_up, mqueue_messages and mqueue_queue_info, each with HELP and TYPE.
  constexpr std::ptrdiff_t kLines = 9;
  Require(std::ranges::count(text, '\n') == kLines && mqueue::IsUtf8(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  CheckName(input);
  CheckLabelValue(input);
  for (const Format format : mqueue::metrics::kFormats) {
    CheckHelp(input, format);
    CheckExposition(input, format);
  }
  return 0;
}
