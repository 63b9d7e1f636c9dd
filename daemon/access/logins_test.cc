#include "daemon/access/logins.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <future>
#include <mutex>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

namespace mqueue::access {
namespace {

namespace asio = boost::asio;
using Verdict = Logins::Verdict;
using ::testing::Each;
using ::testing::ElementsAre;

// Checks passwords by a function that is quick and counts: "hash of X" is the hash of "X".
class LoginsTest : public ::testing::Test {
 protected:
  ~LoginsTest() override { logins_.Stop(); }

  void Begin(const std::string& user, const std::string& password) {
    verdicts_.emplace_back();
    asio::co_spawn(io_, logins_.Check({.user = user, .password = password}),
                   [this, number = verdicts_.size() - 1](const std::exception_ptr& error, Verdict verdict) {
                     EXPECT_FALSE(error);
                     verdicts_[number] = verdict;
                   });
  }
  // Waits for what was begun.
  std::vector<std::optional<Verdict>> End() {
    io_.restart();
    io_.run();
    return std::exchange(verdicts_, {});
  }
  Verdict Check(const std::string& user, const std::string& password) {
    Begin(user, password);
    return End().front().value();
  }

  std::vector<std::string> hashes() {
    const std::lock_guard lock(mutex_);
    return hashes_;
  }

  asio::io_context io_{1};
  std::function<void()> before_check_ = [] {};
  std::mutex mutex_;
  std::vector<std::string> hashes_;
  std::vector<std::optional<Verdict>> verdicts_;
  Logins logins_{[this](const std::string& hash, const std::string& password) -> std::optional<bool> {
    before_check_();
    const std::lock_guard lock(mutex_);
    hashes_.push_back(hash);
    return hash == "hash of " + password;
  }};
};

TEST_F(LoginsTest, PasswordIsTheOneOfItsUser) {
  logins_.Replace({{"alice", "hash of a"}, {"bob", "hash of b"}});
  EXPECT_EQ(Check("alice", "a"), Verdict::kRight);
  EXPECT_EQ(Check("bob", "b"), Verdict::kRight);
  EXPECT_EQ(Check("alice", "b"), Verdict::kWrong);
  EXPECT_EQ(Check("bob", "a"), Verdict::kWrong);
  EXPECT_EQ(Check("", ""), Verdict::kWrong);
}

TEST_F(LoginsTest, WithoutUsersNobodyIsRightAndNothingIsChecked) {
  EXPECT_EQ(Check("alice", "a"), Verdict::kWrong);
  EXPECT_TRUE(hashes().empty());
}

TEST_F(LoginsTest, RightPasswordIsCheckedOnceAndAWrongOneEachTime) {
  logins_.Replace({{"alice", "hash of a"}});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Check("alice", "a"), Verdict::kRight);
  EXPECT_EQ(hashes().size(), 1U);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Check("alice", "x"), Verdict::kWrong);
  EXPECT_EQ(hashes().size(), 4U);
  // A wrong one makes nobody forget the right one.
  EXPECT_EQ(Check("alice", "a"), Verdict::kRight);
  EXPECT_EQ(hashes().size(), 4U);
}

TEST_F(LoginsTest, UserWhoDoesNotExistCostsACheckOfAlwaysTheSameHash) {
  logins_.Replace({{"alice", "hash of a"}, {"bob", "hash of b"}, {"carol", "hash of c"}});
  // Even with the password of the hash that stands in for the own one.
  for (const std::string password : {"a", "b", "c"}) EXPECT_EQ(Check("nobody", password), Verdict::kWrong);
  const auto checked = hashes();
  ASSERT_EQ(checked.size(), 3U);
  EXPECT_THAT(checked, Each(checked.front()));
}

TEST_F(LoginsTest, UsersWhoDoNotExistLookLikeDifferentOnesWhoDo) {
  logins_.Replace({{"alice", "hash of a"}, {"bob", "hash of b"}});
  for (int i = 0; i < 200; ++i) EXPECT_EQ(Check("nobody" + std::to_string(i), "x"), Verdict::kWrong);
  // 200 draws that all hit the same one would be a coincidence of 1 in 2^199.
  EXPECT_THAT(hashes(), ::testing::Contains("hash of a"));
  EXPECT_THAT(hashes(), ::testing::Contains("hash of b"));
}

TEST_F(LoginsTest, PasswordThatWasReplacedIsNoLongerKnown) {
  logins_.Replace({{"alice", "hash of a"}, {"bob", "hash of b"}});
  EXPECT_EQ(Check("alice", "a"), Verdict::kRight);
  EXPECT_EQ(Check("bob", "b"), Verdict::kRight);
  logins_.Replace({{"alice", "hash of new"}, {"bob", "hash of b"}});
  EXPECT_EQ(Check("alice", "a"), Verdict::kWrong);
  EXPECT_EQ(Check("alice", "new"), Verdict::kRight);
  EXPECT_EQ(Check("bob", "b"), Verdict::kRight);
  EXPECT_EQ(hashes().size(), 4U);
  logins_.Replace({});
  EXPECT_EQ(Check("alice", "new"), Verdict::kWrong);
  logins_.Replace({{"alice", "hash of a"}});
  EXPECT_EQ(Check("alice", "new"), Verdict::kWrong);
}

TEST_F(LoginsTest, PasswordThatIsReplacedWhileItIsCheckedIsNotKnownAfterwards) {
  logins_.Replace({{"alice", "hash of a"}});
  std::promise<void> replaced;
  before_check_ = [done = replaced.get_future().share()] { done.wait(); };
  Begin("alice", "a");
  asio::post(io_, [&] {
    logins_.Replace({{"alice", "hash of new"}});
    replaced.set_value();
  });
  End();
  before_check_ = [] {};
  EXPECT_EQ(Check("alice", "a"), Verdict::kWrong);
}

TEST_F(LoginsTest, OnlySoManyWaitAndTheOthersAreBusyAtOnce) {
  logins_.Replace({{"alice", "hash of a"}});
  std::promise<void> all_begun;
  before_check_ = [begun = all_begun.get_future().share()] { begun.wait(); };
  constexpr std::size_t kBeyond = 5;
  for (std::size_t i = 0; i < Logins::kMostWaiting + kBeyond; ++i) Begin("alice", "x");
  asio::post(io_, [&] { all_begun.set_value(); });
  const auto verdicts = End();
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(verdicts, Verdict::kBusy)), kBeyond);
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(verdicts, Verdict::kWrong)), Logins::kMostWaiting);
  EXPECT_EQ(hashes().size(), Logins::kMostWaiting);
  EXPECT_EQ(Check("alice", "a"), Verdict::kRight);
}

TEST_F(LoginsTest, WhoIsKnownDoesNotWaitForOthers) {
  logins_.Replace({{"alice", "hash of a"}});
  EXPECT_EQ(Check("alice", "a"), Verdict::kRight);
  std::promise<void> go;
  before_check_ = [gone = go.get_future().share()] { gone.wait(); };
  for (std::size_t i = 0; i < Logins::kMostWaiting; ++i) Begin("alice", "x");
  Begin("alice", "a");
  io_.restart();
  io_.poll();
  EXPECT_EQ(verdicts_.back(), Verdict::kRight);
  EXPECT_EQ(verdicts_.front(), std::nullopt);
  go.set_value();
  End();
}

TEST_F(LoginsTest, CheckThatThrowsIsNotKnownAndIsNotCountedForever) {
  logins_.Replace({{"alice", "hash of a"}});
  before_check_ = [] { throw std::bad_alloc(); };
  for (std::size_t i = 0; i < 2 * Logins::kMostWaiting; ++i) {
    EXPECT_EQ(Check("alice", "a"), Verdict::kBusy);
    EXPECT_EQ(Check("nobody", "a"), Verdict::kBusy);
  }
  before_check_ = [] {};
  EXPECT_EQ(Check("alice", "a"), Verdict::kRight);
}

TEST(Logins, PasswordIsCheckedAgainstItsBcryptHash) {
  asio::io_context io;
  Logins logins;
  logins.Replace({{"alice", "$2y$04$PjV5KJSwL1.vAang4Q6Mxe0op48VfgevKofH5Hbt5Z0Pb048G8CDS"}});
  std::vector<Verdict> verdicts;
  const auto check = [&](const std::string& password) {
    asio::co_spawn(io, logins.Check({.user = "alice", .password = password}),
                   [&](const std::exception_ptr&, Verdict verdict) { verdicts.push_back(verdict); });
    io.restart();
    io.run();
  };
  check("correct horse");
  check("battery staple");
  EXPECT_THAT(verdicts, ElementsAre(Verdict::kRight, Verdict::kWrong));
  logins.Stop();
  // It can begin again.
  check("battery staple");
  EXPECT_EQ(verdicts.back(), Verdict::kWrong);
  logins.Stop();
}

}  // namespace
}  // namespace mqueue::access
