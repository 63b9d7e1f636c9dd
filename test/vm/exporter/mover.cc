// Moves numbered messages through a POSIX queue: two threads send, two receive. Ends with 0 when every message arrived
// once, and each receiver saw the messages of each sender in the order they were sent; says what is wrong otherwise.
// usage: mover NAME MESSAGES    (even; the queue exists, is empty and takes 16 bytes)

#include <fcntl.h>
#include <mqueue.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <thread>
#include <vector>

namespace {

constexpr int kSenders = 2;
constexpr int kReceivers = 2;

struct Message {
  std::uint64_t sender;
  std::uint64_t number;
};

// What a receiver got of each sender, in the order of arrival.
using Received = std::array<std::vector<std::uint64_t>, kSenders>;

[[noreturn]] void Fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

void Send(mqd_t queue, std::uint64_t sender, std::uint64_t messages) {
  for (std::uint64_t number = 0; number < messages; ++number) {
    const Message message{sender, number};
    if (::mq_send(queue, reinterpret_cast<const char*>(&message), sizeof message, 0) != 0) Fail("mq_send");
  }
}

void Receive(mqd_t queue, std::uint64_t messages, Received& received) {
  for (std::uint64_t i = 0; i < messages; ++i) {
    Message message{};
    if (::mq_receive(queue, reinterpret_cast<char*>(&message), sizeof message, nullptr) != sizeof message) {
      Fail("mq_receive");
    }
    if (message.sender >= kSenders) {
      std::printf("a message that nobody sent arrived\n");
      std::exit(1);
    }
    received[message.sender].push_back(message.number);
  }
}

// Whether `received` is in order; counts each of its messages.
bool Count(const std::vector<std::uint64_t>& received, std::vector<int>& times) {
  std::uint64_t next = 0;
  for (const std::uint64_t number : received) {
    if (number < next || number >= times.size()) {
      std::printf("message %llu arrived behind message %llu\n", static_cast<unsigned long long>(number),
                  static_cast<unsigned long long>(next));
      return false;
    }
    next = number + 1;
    ++times[number];
  }
  return true;
}

bool ArrivedOnceAndInOrder(const std::array<Received, kReceivers>& all, std::uint64_t messages) {
  for (std::size_t sender = 0; sender < kSenders; ++sender) {
    std::vector<int> times(messages);
    for (const Received& received : all) {
      if (!Count(received[sender], times)) return false;
    }
    for (std::uint64_t number = 0; number < messages; ++number) {
      if (times[number] == 1) continue;
      std::printf("message %llu of sender %zu arrived %d times\n", static_cast<unsigned long long>(number), sender,
                  times[number]);
      return false;
    }
  }
  return true;
}

int Run(const char* name, std::uint64_t messages) {
  const mqd_t queue = ::mq_open(name, O_RDWR | O_CLOEXEC);
  if (queue == -1) Fail("mq_open");
  std::array<Received, kReceivers> received;
  std::vector<std::thread> threads;
  threads.reserve(kSenders + kReceivers);
  for (std::uint64_t sender = 0; sender < kSenders; ++sender) {
    threads.emplace_back(Send, queue, sender, messages / kSenders);
  }
  for (Received& one : received) threads.emplace_back(Receive, queue, messages / kReceivers, std::ref(one));
  for (std::thread& thread : threads) thread.join();
  return ArrivedOnceAndInOrder(received, messages / kSenders) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3) return Run(argv[1], std::strtoull(argv[2], nullptr, 10));
  std::fprintf(stderr, "usage: mover NAME MESSAGES\n");
  return 2;
}
