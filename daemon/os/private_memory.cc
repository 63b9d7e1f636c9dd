#include "daemon/os/private_memory.h"

#include <sys/mman.h>

#include <string>
#include <utility>

namespace mqueue::os {

Result<PrivateMemory> PrivateMemory::Allocate(std::size_t bytes) {
  PrivateMemory allocated;
  if (bytes == 0) return allocated;
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return Failure("mmap", std::to_string(bytes) + " bytes for messages");
  // A kernel without it writes no less safely: the process cannot be dumped.
  ::madvise(memory, bytes, MADV_DONTDUMP);
  allocated.bytes_ = {static_cast<std::byte*>(memory), bytes};
  return allocated;
}

PrivateMemory::PrivateMemory(PrivateMemory&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

PrivateMemory& PrivateMemory::operator=(PrivateMemory&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

PrivateMemory::~PrivateMemory() {
  if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

}  // namespace mqueue::os
