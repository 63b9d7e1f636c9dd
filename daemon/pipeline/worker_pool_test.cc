#include "daemon/pipeline/worker_pool.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <cstdlib>
#include <future>
#include <iostream>
#include <latch>
#include <memory>
#include <stdexcept>

namespace mqueue::pipeline {
namespace {

[[noreturn]] void StartWithoutMemoryForStacks() {
  // More than the address space has: pthread_create then fails as it does at the limit of tasks.
  ::pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, std::size_t{1} << 46);
  ::pthread_setattr_default_np(&attributes);
  const auto pool = WorkerPool::Start(1);
  std::cerr << (pool ? "started" : pool.error().message) << '\n';
  std::_Exit(pool ? 1 : 0);
}

TEST(WorkerPool, ThreadsRunTasksAtTheSameTime) {
  const auto pool = WorkerPool::Start(3).value();
  EXPECT_EQ(pool->size(), 3);
  std::latch all(4);
  for (int i = 0; i < 3; ++i) pool->Post([&] { all.arrive_and_wait(); });
  all.arrive_and_wait();
}

TEST(WorkerPool, IsBusyUntilTheTaskReturns) {
  const auto pool = WorkerPool::Start(1).value();
  std::promise<void> begun, release, next;
  pool->Post([&] {
    begun.set_value();
    release.get_future().wait();
  });
  begun.get_future().wait();
  EXPECT_EQ(pool->Busy(), 1);
  release.set_value();
  pool->Post([&] {
    EXPECT_EQ(pool->Busy(), 1);
    next.set_value();
  });
  next.get_future().wait();
}

TEST(WorkerPool, EndDropsTasksThatHaveNotBegun) {
  bool ran = false;
  auto pool = WorkerPool::Start(1).value();
  std::promise<void> begun, release;
  pool->Post([&] {
    begun.set_value();
    release.get_future().wait();
  });
  pool->Post([&] { ran = true; });
  begun.get_future().wait();
  auto ended = std::async(std::launch::async, [&] { pool.reset(); });
  // The destructor has stopped the pool before it joins; a thread that got to the second task would be done with it.
  EXPECT_EQ(ended.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
  release.set_value();
  ended.wait();
  EXPECT_FALSE(ran);
}

TEST(WorkerPoolDeathTest, TaskThatThrowsEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        const auto pool = WorkerPool::Start(1).value();
        std::promise<void> never;
        pool->Post([] { throw std::runtime_error("told by the test"); });
        never.get_future().wait();
      },
      "");
}

TEST(WorkerPoolDeathTest, RefusedThreadIsAnErrorAndLeavesNoneBehind) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(StartWithoutMemoryForStacks(), ::testing::ExitedWithCode(0), "a thread");
}

TEST(Workers, TellWhichPoolsAreBusy) {
  std::promise<void> release;
  const auto released = release.get_future().share();
  std::latch begun(3);
  const Workers workers = Workers::Start().value();
  EXPECT_EQ(workers.Busy(), "");
  for (WorkerPool* pool : {workers.looks.get(), workers.discovery.get()}) {
    pool->Post([&] {
      begun.count_down();
      released.wait();
    });
  }
  begun.arrive_and_wait();
  EXPECT_EQ(workers.Busy(), "looks, discovery");
  release.set_value();
}

}  // namespace
}  // namespace mqueue::pipeline
