#ifndef DAEMON_YAML_PROBLEMS_H_
#define DAEMON_YAML_PROBLEMS_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mqueue::yaml {

/// A place in a text; both count from 1, columns in bytes.
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;

  auto operator<=>(const Position&) const = default;
};

/// All that is wrong with a file, in the order of the file: one line without a newline each, as
/// "file:line:column: what is wrong; what would be right". Never empty where it is the error of a result.
using Errors = std::vector<std::string>;

/// Collects what is wrong with a text, so that its author sees all of it at once. Not for use by several threads.
class Problems {
 public:
  /// Whether a text that stands where a mapping or a list should be may be a secret, which a message must not show.
  enum class Texts : std::uint8_t { kShown, kSecret };

  explicit Problems(Texts texts = Texts::kShown) : texts_(texts) {}

  Texts texts() const { return texts_; }

  /// `what` is one line: what is wrong; what would be right. Only the first kMostKept are kept, the others counted.
  void Add(Position at, std::string what);

  /// `what` is one line: what will not work as the author may expect; what would. Only the first kMostKept are kept.
  void Warn(Position at, std::string what);

  /// Whether nothing is wrong. Warnings do not count.
  bool empty() const { return kept_.empty(); }

  /// In the order of the text, as "file:line:column: what", the first kMostShown of them and a last line for the
  /// others.
  Errors Lines(std::string_view file) const;

  /// The warnings, in the same form and order, the first kMostShown of them.
  std::vector<std::string> Warnings(std::string_view file) const;

  static constexpr std::size_t kMostKept = 1000;
  static constexpr std::size_t kMostShown = 50;

 private:
  const Texts texts_;
  // Those of one place stay in the order in which they were added.
  std::multimap<Position, std::string> kept_;
  std::size_t count_ = 0;
  std::multimap<Position, std::string> warnings_;
};

}  // namespace mqueue::yaml

#endif  // DAEMON_YAML_PROBLEMS_H_
