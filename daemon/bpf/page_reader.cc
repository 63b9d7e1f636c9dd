#include "daemon/bpf/page_reader.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace mqueue::bpf {
namespace {

template <std::size_t N>
std::string Text(const char (&characters)[N]) {
  return {characters, std::find(characters, characters + N, '\0')};
}

// The program goes from the innermost group outwards.
std::string CgroupPath(const BpfSpace& space) {
  std::string_view names(space.cgroup, std::min<std::size_t>(space.cgroup_size, kBpfCgroupSize));
  std::string path;
  while (!names.empty()) {
    const auto end = names.find('\0');
    path.insert(0, "/" + std::string(names.substr(0, end)));
    names.remove_prefix(end == std::string_view::npos ? names.size() : end + 1);
  }
  if (space.cgroup_whole == 0) return path.empty() ? "" : "/..." + path;
  return path.empty() ? "/" : path;
}

Space ToSpace(const BpfSpace& space) {
  return {.ipc_namespace = {.inode = space.inode, .generation = space.generation},
          .pid = static_cast<std::int32_t>(space.pid),
          .comm = Text(space.comm),
          .cgroup = CgroupPath(space),
          .posix_queues = space.posix_queues,
          .posix_queues_limit = space.posix_queues_limit,
          .sysv_queues = space.sysv_queues,
          .sysv_queues_limit = space.sysv_queues_limit,
          .sysv_message_size_limit = space.sysv_message_size_limit};
}

// Runs come in the queue's order; a SysV queue has many of one type.
void AddRun(const BpfRun& run, std::vector<Group>& groups) {
  if (!groups.empty() && groups.back().value == run.value) {
    Group& group = groups.back();
    group.messages += run.messages;
    group.bytes += run.bytes;
    group.last = run.last;
    return;
  }
  groups.push_back(
      {.value = run.value, .messages = run.messages, .bytes = run.bytes, .first = run.first, .last = run.last});
}

void MergeTypes(std::vector<Group>& groups) {
  if (groups.size() < 2) return;
  std::ranges::stable_sort(groups, {}, &Group::value);
  std::vector<Group> merged;
  for (const Group& group : groups) {
    AddRun({.value = group.value,
            .messages = group.messages,
            .bytes = group.bytes,
            .first = group.first,
            .last = group.last,
            .queue = 0},
           merged);
  }
  groups = std::move(merged);
}

}  // namespace

void PageReader::Add(std::span<const BpfQueue> queues, std::span<const BpfRun> runs, bool continued) {
  const bool goes_on = continued && !queues_.empty() && !queues.empty();
  const std::size_t begin = goes_on ? queues_.size() - 1 : queues_.size();
  if (goes_on) {
    queues_.back().record = queues.front().record;
    queues = queues.subspan(1);
  }
  for (const BpfQueue& queue : queues)
    queues_.push_back({.record = queue.record, .name = Text(queue.name), .groups = {}});
  for (const BpfRun& run : runs) {
    if (run.queue < queues_.size() - begin) AddRun(run, queues_[begin + run.queue].groups);
  }
}

void PageReader::AddSpaces(std::span<const BpfSpace> spaces) {
  for (const BpfSpace& space : spaces) spaces_.push_back(ToSpace(space));
}

void PageReader::LastSpaceEnded() {
  if (!spaces_.empty()) ended_.push_back(spaces_.size() - 1);
}

Walk PageReader::Finish() {
  Walk walk;
  std::erase_if(queues_, [&](const WalkedQueue& queue) {
    return queue.record.space >= spaces_.size() || std::ranges::binary_search(ended_, queue.record.space);
  });
  for (WalkedQueue& queue : queues_) {
    if (queue.record.kind == kBpfSysv) MergeTypes(queue.groups);
  }
  walk.spaces = std::move(spaces_);
  walk.queues = std::move(queues_);
  return walk;
}

}  // namespace mqueue::bpf
