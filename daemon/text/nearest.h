#ifndef DAEMON_TEXT_NEAREST_H_
#define DAEMON_TEXT_NEAREST_H_

#include <span>
#include <string>
#include <string_view>

namespace mqueue {

/// The candidate that somebody who wrote `word` most likely meant: the one with the fewest letters to insert, remove or
/// replace, the first of several. Empty when all are too far off to be meant.
std::string_view Nearest(std::string_view word, std::span<const std::string_view> candidates);

/// What an error message says behind the word: "did you mean interval?" or, when nothing is near, "known here: …".
std::string Suggestion(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace mqueue

#endif  // DAEMON_TEXT_NEAREST_H_
