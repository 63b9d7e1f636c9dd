// What SECURITY.md says that the sandbox stops is tried from inside of it, and nothing else is in its table.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mqueue.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/confinement/file_access.h"
#include "daemon/confinement/privileges.h"
#include "daemon/confinement/system_calls.h"
#include "daemon/discovery/discovery.h"
#include "daemon/reader/catalogue.h"
#include "test/sandbox/attempts.h"

namespace mqueue::confinement {
namespace {

constexpr char kName[] = "/forbidden-calls-test";
constexpr char kFile[] = "/etc/hostname";
constexpr std::string_view kCallOf32Bit = "any call of a 32-bit program";

// Exit statuses of the child, beside the errno of a call that failed.
constexpr int kWorked = 200;
constexpr int kNotConfined = 201;

std::string Word(Answer answer) {
  switch (answer) {
    case Answer::kKilled:
      return "ends the process";
    case Answer::kNotPermitted:
      return "`EPERM`";
    case Answer::kNoSuchCall:
      return "`ENOSYS`";
    case Answer::kNoAccess:
      return "`EACCES`";
  }
  return "";
}

// What the child came to, in the same words.
std::string WordOfStatus(int status) {
  if (WIFSIGNALED(status)) {
    return WTERMSIG(status) == SIGSYS ? "ends the process" : "signal " + std::to_string(WTERMSIG(status));
  }
  switch (WEXITSTATUS(status)) {
    case EPERM:
      return "`EPERM`";
    case ENOSYS:
      return "`ENOSYS`";
    case EACCES:
      return "`EACCES`";
    case kWorked:
      return "worked";
    case kNotConfined:
      return "not confined";
    default:
      return "errno " + std::to_string(WEXITSTATUS(status));
  }
}

// | what is tried | answer | ...: the rows of the table in SECURITY.md.
std::map<std::string, std::string> Documented() {
  std::ifstream file("SECURITY.md");
  std::map<std::string, std::string> rows;
  std::string line;
  bool inside = false;
  while (std::getline(file, line)) {
    if (line.starts_with("| tried |")) inside = true;
    if (!inside || line.starts_with("| tried |") || line.starts_with("| --- |")) continue;
    if (!line.starts_with("| ")) break;
    const auto end = line.find(" | ");
    rows[line.substr(2, end - 2)] = line.substr(end + 3, line.find(" |", end + 3) - end - 3);
  }
  return rows;
}

// As if the kernel supported every reader.
std::vector<ReaderCall> AllReaderCalls() {
  std::vector<ReaderCall> calls;
  for (const ReaderNeeds& reader : reader::NeedsOf()) {
    calls.insert(calls.end(), reader.calls.begin(), reader.calls.end());
  }
  return calls;
}

class ForbiddenCallsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ::mq_unlink(kName);
    mq_attr attributes{.mq_maxmsg = 10, .mq_msgsize = 64};
    targets_.posix_name = kName;
    targets_.posix_queue = ::mq_open(kName, O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK, 0600, &attributes);
    targets_.sysv_queue = ::msgget(IPC_PRIVATE, 0600);
    ASSERT_NE(targets_.posix_queue, -1);
    ASSERT_EQ(::mq_send(targets_.posix_queue, "kept", 4, 1), 0);
    const long message[2] = {1, 0};
    ASSERT_EQ(::msgsnd(targets_.sysv_queue, message, 4, IPC_NOWAIT), 0);
    directory_ = discovery::FindMqueueDirectory("", "/proc");
    ASSERT_TRUE(directory_) << directory_.error().message;
    targets_.mqueue_directory = (*directory_)->descriptor();
    targets_.file = kFile;
  }
  void TearDown() override {
    ::mq_close(targets_.posix_queue);
    ::mq_unlink(kName);
    ::msgctl(targets_.sysv_queue, IPC_RMID, nullptr);
  }

  // With all rights that a daemon could keep, so that it is the sandbox that stops the call and nothing else.
  bool Confine() const {
    const Capabilities all(std::begin(kCapabilities), std::end(kCapabilities));
    return Privileges::Begin({.to_start = {}, .to_read = all}).has_value() &&
           ConfineFiles({.paths = {"/proc"}, .directories = {targets_.mqueue_directory}}).has_value() &&
           ConfineSystemCalls(AllReaderCalls()).has_value();
  }

  // Exit status of a child that makes the attempt.
  int StatusOf(const Attempt& attempt, bool confined) const {
    const pid_t child = ::fork();
    if (child == 0) {
      if (confined && !Confine()) ::_exit(kNotConfined);
      errno = 0;
      ::_exit(attempt.act(targets_) != -1 ? kWorked : errno);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    return status;
  }

  // Some hypervisors end a 32-bit call with SIGSEGV before the kernel sees it, and so before the sandbox does.
  std::string Expected(const Attempt& attempt) const {
    if (attempt.what == kCallOf32Bit) {
      const int outside = StatusOf(attempt, false);
      if (WIFSIGNALED(outside)) return WordOfStatus(outside);
    }
    return Word(attempt.answer);
  }

  os::Result<std::shared_ptr<const os::MqueueDirectory>> directory_;
  Targets targets_;
};

TEST_F(ForbiddenCallsTest, EveryAttemptIsStoppedAsDocumented) {
  for (const Attempt& attempt : Attempts()) {
    EXPECT_EQ(WordOfStatus(StatusOf(attempt, true)), Expected(attempt)) << attempt.what;
  }
  mq_attr posix{};
  ASSERT_EQ(::mq_getattr(targets_.posix_queue, &posix), 0);
  EXPECT_EQ(posix.mq_curmsgs, 1);
  msqid_ds sysv{};
  ASSERT_EQ(::msgctl(targets_.sysv_queue, IPC_STAT, &sysv), 0);
  EXPECT_EQ(sysv.msg_qnum, 1);
}

TEST_F(ForbiddenCallsTest, TableHoldsWhatIsTriedAndNothingElse) {
  std::map<std::string, std::string> tried;
  for (const Attempt& attempt : Attempts()) tried.emplace(attempt.what, Word(attempt.answer));
  EXPECT_EQ(Documented(), tried);
}

// Otherwise a call that is wrong would look like one that is stopped.
TEST_F(ForbiddenCallsTest, OutsideTheSandboxTheAttemptsOnQueuesWork) {
  for (const Attempt& attempt : Attempts()) {
    // Where the kernel has the one; the other is nonsense to it.
    if (attempt.what.starts_with("`mq_timedreceive2`") || attempt.what == "`msgrcv` without `IPC_NOWAIT`") continue;
    errno = 0;
    EXPECT_NE(attempt.act(targets_), -1) << attempt.what << ": " << errno;
    if (attempt.what == "`mq_timedreceive`") {
      ::mq_send(targets_.posix_queue, "again", 5, 0);
    }
    if (attempt.what.starts_with("`msgrcv` without `MSG_COPY`")) {
      const long message[2] = {1, 0};
      ::msgsnd(targets_.sysv_queue, message, 4, IPC_NOWAIT);
    }
    if (attempt.what == "`msgctl` with `IPC_SET`") break;  // the last one on a queue
    if (attempt.what == "`mq_unlink`" || attempt.what == "`msgctl` with `IPC_RMID`" || attempt.what == "`unlinkat`") {
      TearDown();
      SetUp();
    }
  }
}

}  // namespace
}  // namespace mqueue::confinement
