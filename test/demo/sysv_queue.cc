#include "test/demo/sysv_queue.h"

#include <sys/ipc.h>
#include <sys/msg.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>

namespace mqueue::demo {
namespace {

struct Message {
  long type = 0;
  std::array<char, 1024> text{};
};

}  // namespace

std::expected<std::unique_ptr<Queue>, std::string> SysvQueue::Create(key_t key) {
  Remove(key);
  const int msqid = ::msgget(key, IPC_CREAT | IPC_EXCL | 0640);
  if (msqid == -1) {
    const int code = errno;
    return std::unexpected(std::string("msgget: ") + std::strerror(code) +
                           (code == ENOSPC ? "; the host has as many SysV queues as it may: raise kernel.msgmni" : ""));
  }
  return std::unique_ptr<Queue>(new SysvQueue(msqid));
}

void SysvQueue::Remove(key_t key) {
  const int msqid = ::msgget(key, 0);
  if (msqid != -1) ::msgctl(msqid, IPC_RMID, nullptr);
}

SysvQueue::~SysvQueue() { ::msgctl(msqid_, IPC_RMID, nullptr); }

void SysvQueue::Send(long kind, std::string_view text) {
  Message message{.type = kind};
  const std::size_t size = text.copy(message.text.data(), message.text.size());
  ::msgsnd(msqid_, &message, size, IPC_NOWAIT);
}

void SysvQueue::Receive(long kind) {
  Message message;
  // A message that is not there is not taken, which is all that matters here.
  [[maybe_unused]] const auto bytes = ::msgrcv(msqid_, &message, message.text.size(), kind, IPC_NOWAIT | MSG_NOERROR);
}

}  // namespace mqueue::demo
