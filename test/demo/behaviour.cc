#include "test/demo/behaviour.h"

#include <array>
#include <cstdio>

namespace mqueue::demo {
namespace {

// "mqd" and a number: keys that nobody else has by chance.
constexpr key_t kFirstKey = 0x6d716401;

}  // namespace

std::vector<Behaviour> Behaviours() {
  return {
      {.name = "/mqueue-demo-steady",
       .shows = "five messages a second in and out: short and quick",
       .sends = {{.every_ticks = 2, .kind = 4}},
       .receives = {{.every_ticks = 2}}},
      {.name = "/mqueue-demo-stalled",
       .shows = "its consumer is gone: the age of the head grows and grows",
       .sends = {{.count = 4, .kind = 1}}},
      {.name = "/mqueue-demo-starved",
       .shows = "priority 0 waits behind a stream of priority 9",
       .sends = {{.count = 2, .kind = 0}, {.count = 3, .kind = 9}, {.every_ticks = 1, .kind = 9}},
       .receives = {{.every_ticks = 1}}},
      {.name = "/mqueue-demo-bursty",
       .shows = "eight messages every ten seconds, one a second taken out",
       .sends = {{.every_ticks = 100, .count = 8, .kind = 2}},
       .receives = {{.every_ticks = 10}}},
      {.name = "/mqueue-demo-nearly-full",
       .shows = "nine of ten: the next burst will block its senders",
       .sends = {{.count = 9, .kind = 3}, {.every_ticks = 5, .kind = 3}},
       .receives = {{.every_ticks = 5}}},
      {.key = kFirstKey,
       .shows = "types 1, 2 and 40 by turns, all taken in time",
       .sends = {{.every_ticks = 3, .kind = 1}, {.every_ticks = 5, .kind = 2}, {.every_ticks = 20, .kind = 40}},
       .receives = {{.every_ticks = 10, .count = 6}}},
      {.key = kFirstKey + 1,
       .shows = "its consumer is gone: six messages of types 1 to 300 lie there",
       .sends = {{.count = 3, .kind = 1}, {.count = 2, .kind = 7}, {.count = 1, .kind = 300}}},
      {.key = kFirstKey + 2,
       .shows = "nobody asks for type 9: it heads a queue that goes on behind it",
       .sends = {{.kind = 9}, {.every_ticks = 2, .kind = 1}},
       .receives = {{.every_ticks = 2, .kind = 1}}},
      {.key = kFirstKey + 3,
       .shows = "15 of the 16 KiB that it may hold",
       .sends = {{.count = 30, .kind = 5}, {.every_ticks = 4, .kind = 5}},
       .receives = {{.every_ticks = 4}},
       .message_size = 512},
  };
}

std::string DisplayName(const Behaviour& behaviour) {
  if (!behaviour.name.empty()) return behaviour.name;
  std::array<char, sizeof("0x00000000")> hex;
  std::snprintf(hex.data(), hex.size(), "0x%08x", static_cast<unsigned>(behaviour.key));
  return hex.data();
}

}  // namespace mqueue::demo
