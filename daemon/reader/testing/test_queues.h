#ifndef DAEMON_READER_TESTING_TEST_QUEUES_H_
#define DAEMON_READER_TESTING_TEST_QUEUES_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/stat.h>

#include <cstring>
#include <string>
#include <vector>

#include "daemon/os/unique_fd.h"
#include "daemon/queue/queue_ref.h"

namespace mqueue::reader {

/// A SysV queue that is removed with this object.
class TestSysvQueue {
 public:
  TestSysvQueue() : msqid_(::msgget(IPC_PRIVATE, IPC_CREAT | 0600)) {}
  ~TestSysvQueue() { Remove(); }
  TestSysvQueue(const TestSysvQueue&) = delete;
  TestSysvQueue& operator=(const TestSysvQueue&) = delete;

  int msqid() const { return msqid_; }
  QueueRef ref() const {
    return {.ipc = Ipc::kSysv,
            .name = SysvQueueName(0, static_cast<std::uint64_t>(msqid_)),
            .id = static_cast<std::uint64_t>(msqid_)};
  }

  void Send(long type, const std::string& text) const {
    std::vector<char> message(sizeof type + text.size());
    std::memcpy(message.data(), &type, sizeof type);
    std::memcpy(message.data() + sizeof type, text.data(), text.size());
    ASSERT_EQ(::msgsnd(msqid_, message.data(), text.size(), IPC_NOWAIT), 0) << std::strerror(errno);
  }
  /// Receives the first message of `type`, or the first of all when it is 0.
  void Receive(long type = 0) const {
    std::vector<char> message(sizeof type + 65536);
    ASSERT_GE(::msgrcv(msqid_, message.data(), 65536, type, IPC_NOWAIT), 0) << std::strerror(errno);
  }
  void Remove() const { ::msgctl(msqid_, IPC_RMID, nullptr); }

 private:
  int msqid_;
};

/// A POSIX queue that is unlinked with this object.
class TestPosixQueue {
 public:
  explicit TestPosixQueue(std::string name) : name_(std::move(name)) {
    ::mq_unlink(name_.c_str());
    mq_attr attributes{.mq_maxmsg = 10, .mq_msgsize = 128};
    queue_ = os::UniqueFd(::mq_open(name_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600, &attributes));
  }
  ~TestPosixQueue() { ::mq_unlink(name_.c_str()); }
  TestPosixQueue(const TestPosixQueue&) = delete;
  TestPosixQueue& operator=(const TestPosixQueue&) = delete;

  int descriptor() const { return queue_.get(); }
  QueueRef ref() const {
    struct stat status{};
    ::fstat(queue_.get(), &status);
    return {.ipc = Ipc::kPosix, .name = name_, .id = status.st_ino};
  }
  void Send(unsigned priority, const std::string& text) const {
    ASSERT_EQ(::mq_send(queue_.get(), text.data(), text.size(), priority), 0) << std::strerror(errno);
  }

 private:
  std::string name_;
  os::UniqueFd queue_;
};

}  // namespace mqueue::reader

#endif  // DAEMON_READER_TESTING_TEST_QUEUES_H_
