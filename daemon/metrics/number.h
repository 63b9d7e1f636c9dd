#ifndef DAEMON_METRICS_NUMBER_H_
#define DAEMON_METRICS_NUMBER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace mqueue::metrics {

/// No number is longer: 1 sign, 17 digits, a point and "e-308" are 24, and a time in nanoseconds is 21.
inline constexpr std::size_t kLongestNumber = 32;

/// What AppendInteger, AppendSeconds and AppendFloat append, written to where kLongestNumber bytes have room. Returns
/// its end.
char* WriteInteger(std::uint64_t value, char* to);
char* WriteSeconds(std::chrono::nanoseconds value, char* to);
char* WriteFloat(double value, char* to);

/// All digits: nothing is rounded on the way to the scraper.
void AppendInteger(std::uint64_t value, std::string& out);

/// Seconds, exact to the nanosecond, without trailing zeros: "12", "0.25", "-0.000000001".
void AppendSeconds(std::chrono::nanoseconds value, std::string& out);

/// Seconds, as near as a double comes: a Unix time in nanoseconds has more digits than it holds.
double ToSeconds(std::chrono::nanoseconds value);

/// The shortest text that reads back as the same value; "NaN", "+Inf", "-Inf" as both formats want them.
void AppendFloat(double value, std::string& out);

/// The one canonical text that OpenMetrics wants in `le` and `quantile`, so that every scrape gives one series the same
/// labels: as AppendFloat with a point or an exponent always ("1.0", "0.5", "1e+06", "+Inf").
void AppendCanonicalFloat(double value, std::string& out);

}  // namespace mqueue::metrics

#endif  // DAEMON_METRICS_NUMBER_H_
