#include "daemon/queue/queue_ref.h"

#include <array>
#include <charconv>

namespace mqueue {
namespace {

// IPC_PRIVATE, without <sys/ipc.h>: values know nothing of the system.
constexpr std::int32_t kPrivateKey = 0;

}  // namespace

std::string_view ToString(Ipc ipc) { return ipc == Ipc::kPosix ? "posix" : "sysv"; }

std::string IpcNamespace::Label() const { return inode == kInitialInode ? "host" : std::to_string(inode); }

std::string SysvQueueName(std::int32_t key, std::uint64_t msqid) {
  if (key == kPrivateKey) return "id:" + std::to_string(msqid);
  constexpr std::size_t kDigits = 8;
  std::array<char, kDigits> hex;
  const auto end = std::to_chars(hex.begin(), hex.end(), static_cast<std::uint32_t>(key), 16).ptr;
  const std::string digits(hex.begin(), end);
  return "0x" + std::string(kDigits - digits.size(), '0') + digits;
}

}  // namespace mqueue
