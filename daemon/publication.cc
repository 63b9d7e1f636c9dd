#include "daemon/publication.h"

#include <utility>
#include <vector>

#include "daemon/http/accept.h"
#include "daemon/metrics/offers.h"

namespace mqueue {
namespace {

const metrics::Offer& ChooseOffer(std::string_view accept) {
  std::vector<http::MediaType> types;
  for (const auto& offer : metrics::kOffers) types.push_back({offer.media_type, {{"version", offer.version}}});
  return metrics::kOffers[http::ChooseMediaType(accept, types).value_or(0)];
}

std::size_t Place(metrics::Format format) { return static_cast<std::size_t>(format); }

}  // namespace

void Publication::Publish(metrics::Format format, std::string text) {
  const auto body = std::make_shared<const http::Body>(std::move(text));
  if (WasAskedFor(format)) (void)body->gzip();
  const std::lock_guard lock(mutex_);
  current_[Place(format)].body = body;
}

bool Publication::WasAskedFor(metrics::Format format) {
  const std::lock_guard lock(mutex_);
  return std::exchange(current_[Place(format)].asked_for, false);
}

http::Exposition Publication::Answer(std::string_view accept) {
  const metrics::Offer& offer = ChooseOffer(accept);
  const std::lock_guard lock(mutex_);
  Current& current = current_[Place(offer.format)];
  current.asked_for = true;
  return {.content_type = std::string(offer.content_type), .body = current.body};
}

}  // namespace mqueue
