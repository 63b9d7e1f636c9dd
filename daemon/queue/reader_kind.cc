#include "daemon/queue/reader_kind.h"

#include <cstddef>

namespace mqueue {
namespace {

constexpr bool AreIndexedByKind() {
  std::size_t index = 0;
  for (const ReaderDescription& description : kReaderDescriptions) {
    if (static_cast<std::size_t>(description.kind) != index++) return false;
  }
  return true;
}
static_assert(AreIndexedByKind());

const ReaderDescription& Of(ReaderKind kind) { return kReaderDescriptions[static_cast<std::size_t>(kind)]; }

}  // namespace

std::string_view ToString(ReaderKind kind) { return Of(kind).name; }

bool Serves(ReaderKind kind, Ipc ipc) { return ipc == Ipc::kPosix ? Of(kind).serves_posix : Of(kind).serves_sysv; }

std::optional<ReaderKind> ReaderKindFromString(std::string_view name) {
  for (const ReaderDescription& reader : kReaderDescriptions) {
    if (reader.name == name) return reader.kind;
  }
  return std::nullopt;
}

}  // namespace mqueue
