#include "daemon/os/probe_queue.h"

#include <fcntl.h>
#include <mqueue.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <random>
#include <string>

namespace mqueue::os {
namespace {

// Indices of kMessages in the order in which they are sent: another than they are received in.
constexpr std::size_t kSendingOrder[] = {2, 0, 1};

// Of nobody else, nor of another daemon in another PID namespace.
std::string UnlikelyName() {
  std::random_device device;
  return "/mqueue_exporter.probe." + std::to_string(device()) + "." + std::to_string(device());
}

// RLIMIT_MSGQUEUE is for all queues of a user together, and root's may have used up the usual 800 KiB: for the time of
// this object it is as high as it may be.
class RaisedQueueLimit {
 public:
  RaisedQueueLimit() {
    if (::getrlimit(RLIMIT_MSGQUEUE, &before_) != 0) return;
    const rlimit unlimited{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    const rlimit allowed{.rlim_cur = before_.rlim_max, .rlim_max = before_.rlim_max};
    raised_ = ::setrlimit(RLIMIT_MSGQUEUE, &unlimited) == 0 || ::setrlimit(RLIMIT_MSGQUEUE, &allowed) == 0;
  }
  ~RaisedQueueLimit() {
    if (raised_) ::setrlimit(RLIMIT_MSGQUEUE, &before_);
  }
  RaisedQueueLimit(const RaisedQueueLimit&) = delete;
  RaisedQueueLimit& operator=(const RaisedQueueLimit&) = delete;

 private:
  rlimit before_{};
  bool raised_ = false;
};

}  // namespace

Result<ProbeQueue> ProbeQueue::Make() {
  const std::string name = UnlikelyName();
  mq_attr attributes{};
  attributes.mq_maxmsg = kMessages.size();
  attributes.mq_msgsize = kLargestMessage;
  constexpr int kFlags = O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC;
  const RaisedQueueLimit room;
  UniqueFd descriptor(::mq_open(name.c_str(), kFlags, 0600, &attributes));
  if (!descriptor) return Failure("mq_open", name);
  if (::mq_unlink(name.c_str()) != 0) return Failure("mq_unlink", name);
  for (const std::size_t index : kSendingOrder) {
    const auto& [priority, payload] = kMessages[index];
    if (::mq_send(descriptor.get(), payload.data(), payload.size(), priority) != 0) return Failure("mq_send", name);
  }
  return ProbeQueue(std::move(descriptor));
}

Result<std::uint64_t> ProbeQueue::Device() const {
  struct stat status{};
  if (::fstat(descriptor_.get(), &status) != 0) return Failure("fstat", "probe queue");
  return status.st_dev;
}

}  // namespace mqueue::os
