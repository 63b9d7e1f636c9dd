#ifndef DAEMON_METRICS_ESCAPING_H_
#define DAEMON_METRICS_ESCAPING_H_

#include <string>
#include <string_view>

#include "daemon/metrics/format.h"

namespace mqueue::metrics {

/// Whether `text` is printable ASCII without `\` and `"`, and so needs no escape in either format. Nearly every text
/// is.
bool IsPlain(std::string_view text);

/// Appends the value of a label as it stands between its quotes: `\`, `"` and newline escaped, the same in both
/// formats. Bytes that are not UTF-8 become the text `\xNN`, since one of them would make the whole exposition invalid.
void AppendLabelValue(std::string_view value, std::string& out);

/// Appends the text of a HELP line: `\` and newline escaped, in OpenMetrics `"` too. Invalid bytes as in a label value.
void AppendHelp(std::string_view help, Format format, std::string& out);

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_ESCAPING_H_
