#include "test/demo/posix_queue.h"

#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace mqueue::demo {
namespace {

std::string Advice(int code) {
  switch (code) {
    case ENOSPC:
      return "; the host has as many POSIX queues as it may: raise fs.mqueue.queues_max";
    case EMFILE:
      return "; the queues of this user fill its RLIMIT_MSGQUEUE: remove some or raise it (ulimit -q)";
    case EINVAL:
      return "; fs.mqueue.msg_max or fs.mqueue.msgsize_max is below its default";
    default:
      return "";
  }
}

}  // namespace

std::expected<std::unique_ptr<Queue>, std::string> PosixQueue::Create(const std::string& name, long messages_limit,
                                                                      long message_size) {
  Remove(name);
  mq_attr attributes{};
  attributes.mq_maxmsg = messages_limit;
  attributes.mq_msgsize = message_size;
  constexpr int kFlags = O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC;
  const mqd_t descriptor = ::mq_open(name.c_str(), kFlags, 0640, &attributes);
  if (descriptor == -1) {
    const int code = errno;
    return std::unexpected("mq_open " + name + ": " + std::strerror(code) + Advice(code));
  }
  return std::unique_ptr<Queue>(new PosixQueue(name, descriptor, message_size));
}

void PosixQueue::Remove(const std::string& name) { ::mq_unlink(name.c_str()); }

PosixQueue::~PosixQueue() {
  ::mq_close(descriptor_);
  Remove(name_);
}

void PosixQueue::Send(long kind, std::string_view text) {
  ::mq_send(descriptor_, text.data(), text.size(), static_cast<unsigned>(kind));
}

void PosixQueue::Receive(long /*kind*/) {
  // A message that is not there is not taken, which is all that matters here.
  [[maybe_unused]] const auto bytes = ::mq_receive(descriptor_, received_.data(), received_.size(), nullptr);
}

}  // namespace mqueue::demo
