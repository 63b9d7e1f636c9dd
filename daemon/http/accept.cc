#include "daemon/http/accept.h"

#include <algorithm>
#include <cstddef>

#include "daemon/text/ascii.h"

namespace mqueue::http {
namespace {

// Takes the text up to `separator` off the front of `rest`. A separator within a quoted string does not count; a quote
// that is never closed reaches to the end.
std::string_view TakeUntil(std::string_view& rest, char separator) {
  bool quoted = false;
  std::size_t i = 0;
  for (; i < rest.size() && (quoted || rest[i] != separator); ++i) {
    if (rest[i] == '"') quoted = !quoted;
    if (rest[i] == '\\' && quoted) ++i;
  }
  const std::string_view taken = rest.substr(0, i);
  rest.remove_prefix(std::min(i + 1, rest.size()));
  return taken;
}

// Without the quotes around it. An escape within stays as it is: no parameter that anybody asks for holds one.
std::string_view Unquoted(std::string_view value) {
  const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  return quoted ? value.substr(1, value.size() - 2) : value;
}

// "0", "0.5", "1.000": a digit and up to three more behind a point, not above 1.
std::optional<Quality> ParseQuality(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  Quality quality = text[0] == '1' ? 1000 : 0;
  Quality unit = 100;
  for (const char digit : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (digit < '0' || digit > '9') return std::nullopt;
    quality += (digit - '0') * unit;
    unit /= 10;
  }
  if (quality > 1000) return std::nullopt;
  return quality;
}

// Reads "name=value" into the item. False when it is a q-value that is none; any other oddity is passed over.
bool ReadParameter(std::string_view text, AcceptItem& item) {
  const std::string_view name = Trimmed(TakeUntil(text, '='));
  const std::string_view value = Unquoted(Trimmed(text));
  if (!EqualsIgnoringCase(name, "q")) {
    if (!name.empty()) item.parameters.emplace_back(name, value);
    return true;
  }
  const std::optional<Quality> quality = ParseQuality(value);
  item.quality = quality.value_or(0);
  return quality.has_value();
}

std::optional<AcceptItem> ParseItem(std::string_view text) {
  AcceptItem item{.value = Trimmed(TakeUntil(text, ';'))};
  if (item.value.empty()) return std::nullopt;
  while (!text.empty()) {
    if (!ReadParameter(Trimmed(TakeUntil(text, ';')), item)) return std::nullopt;
  }
  return item;
}

std::optional<Quality> QualityOf(const std::vector<AcceptItem>& items, std::string_view value) {
  const auto item =
      std::ranges::find_if(items, [&](const AcceptItem& i) { return EqualsIgnoringCase(i.value, value); });
  if (item == items.end()) return std::nullopt;
  return item->quality;
}

// Whether no parameter that both have differs, and how many are the same.
std::optional<int> MatchParameters(const AcceptItem& item, const MediaType& offer) {
  int same = 0;
  for (const auto& [name, wanted] : item.parameters) {
    for (const auto& [offered_name, offered] : offer.parameters) {
      if (!EqualsIgnoringCase(name, offered_name)) continue;
      if (!EqualsIgnoringCase(wanted, offered)) return std::nullopt;
      ++same;
    }
  }
  return same;
}

// How specifically the item speaks of the offer: 0 for "*/*", 1 for "text/*", 2 for the type itself and one more for
// each parameter in common. Nothing when it does not speak of it.
std::optional<int> Specificity(const AcceptItem& item, const MediaType& offer) {
  if (item.value == "*/*" || item.value == "*") return 0;
  const std::string_view major = offer.name.substr(0, offer.name.find('/') + 1);
  if (item.value.ends_with("/*") && EqualsIgnoringCase(item.value.substr(0, item.value.size() - 1), major)) return 1;
  if (!EqualsIgnoringCase(item.value, offer.name)) return std::nullopt;
  const std::optional<int> same = MatchParameters(item, offer);
  return same ? std::optional(2 + *same) : std::nullopt;
}

Quality QualityOf(const std::vector<AcceptItem>& items, const MediaType& offer) {
  int best = -1;
  Quality quality = 0;
  for (const AcceptItem& item : items) {
    const int specificity = Specificity(item, offer).value_or(-1);
    if (specificity <= best) continue;
    best = specificity;
    quality = item.quality;
  }
  return quality;
}

}  // namespace

std::vector<AcceptItem> ParseAccept(std::string_view field) {
  std::vector<AcceptItem> items;
  while (!field.empty()) {
    if (auto item = ParseItem(TakeUntil(field, ','))) items.push_back(*std::move(item));
  }
  return items;
}

bool PrefersGzip(std::string_view accept_encoding) {
  const std::vector<AcceptItem> items = ParseAccept(accept_encoding);
  const std::optional<Quality> any = QualityOf(items, "*");
  const std::optional<Quality> gzip = QualityOf(items, "gzip").or_else([&] { return QualityOf(items, "x-gzip"); });
  const Quality wanted = gzip.value_or(any.value_or(0));
  return wanted > 0 && wanted >= QualityOf(items, "identity").value_or(0);
}

std::optional<std::size_t> ChooseMediaType(std::string_view accept, std::span<const MediaType> offers) {
  const std::vector<AcceptItem> items = ParseAccept(accept.empty() ? "*/*" : accept);
  std::optional<std::size_t> chosen;
  Quality best = 0;
  for (std::size_t i = 0; i < offers.size(); ++i) {
    const Quality quality = QualityOf(items, offers[i]);
    if (quality <= best) continue;
    best = quality;
    chosen = i;
  }
  return chosen;
}

}  // namespace mqueue::http
