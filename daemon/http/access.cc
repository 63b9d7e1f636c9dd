#include "daemon/http/access.h"

namespace mqueue::http {

std::shared_ptr<boost::asio::ssl::context> Access::Tls() { return nullptr; }

std::uint64_t Access::TransportVersion() { return 0; }

void Access::HandshakeFailed(const std::string& /*reason*/) {}

boost::asio::awaitable<std::optional<Response>> Access::Refusal(const Request& /*request*/) { co_return std::nullopt; }

std::vector<HeaderField> Access::Fields() { return {}; }

}  // namespace mqueue::http
