#include "daemon/pipeline/worker_pool.h"

#include <boost/asio/post.hpp>
#include <string_view>
#include <system_error>
#include <utility>

namespace mqueue::pipeline {
namespace {

namespace asio = boost::asio;

// Looks spend their time in short system calls: more threads would only help if several of them hung.
constexpr std::size_t kLookThreads = 3;

}  // namespace

WorkerPool::WorkerPool(std::size_t threads) : tasks_(static_cast<int>(threads)), work_(asio::make_work_guard(tasks_)) {
  threads_.reserve(threads);
}

os::Result<std::unique_ptr<WorkerPool>> WorkerPool::Start(std::size_t threads) {
  try {
    auto pool = std::make_unique<WorkerPool>(threads);
    for (std::size_t i = 0; i < threads; ++i) pool->threads_.emplace_back([&pool = *pool] { pool.Run(); });
    return pool;
  } catch (const std::system_error& error) {
    return std::unexpected(
        os::Error{error.code().value(),
                  "a thread or its event descriptors: " + std::string(error.code().message()) +
                      "; raise the limits of tasks (RLIMIT_NPROC, pids.max, TasksMax=), memory and open files"});
  }
}

WorkerPool::~WorkerPool() { Join(); }

void WorkerPool::Join() {
  tasks_.stop();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void WorkerPool::Post(std::move_only_function<void()> task) {
  asio::post(tasks_, [this, task = std::move(task)]() mutable {
    ++busy_;
    task();
    // What the task holds goes before it counts as done.
    task = nullptr;
    --busy_;
  });
}

void WorkerPool::Run() { tasks_.run(); }

os::Result<Workers> Workers::Start() {
  Workers workers;
  for (const auto& [pool, threads] :
       {std::pair(&workers.looks, kLookThreads), {&workers.discovery, 1}, {&workers.rendering, 1}}) {
    auto started = WorkerPool::Start(threads);
    if (!started) return std::unexpected(started.error());
    *pool = *std::move(started);
  }
  return workers;
}

void Workers::Join() const {
  for (WorkerPool* pool : {looks.get(), discovery.get(), rendering.get()}) {
    if (pool != nullptr) pool->Join();
  }
}

std::string Workers::Busy() const {
  std::string names;
  for (const auto& [pool, name] : {std::pair<const WorkerPool*, std::string_view>(looks.get(), "looks"),
                                   {discovery.get(), "discovery"},
                                   {rendering.get(), "rendering"}}) {
    if (pool->Busy() > 0) names.append(names.empty() ? "" : ", ").append(name);
  }
  return names;
}

}  // namespace mqueue::pipeline
