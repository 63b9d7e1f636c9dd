#include "daemon/metrics/text_sink.h"

#include <utility>

#include "daemon/http/accept.h"
#include "daemon/metrics/offers.h"

namespace mqueue::metrics {
namespace {

const Offer& ChooseOffer(std::string_view accept) {
  std::vector<http::MediaType> types;
  for (const Offer& offer : kOffers) types.push_back({offer.media_type, {{"version", offer.version}}});
  return kOffers[http::ChooseMediaType(accept, types).value_or(0)];
}

std::size_t Place(Format format) { return static_cast<std::size_t>(format); }

}  // namespace

TextSink::TextSink(std::shared_ptr<ExporterMetrics> self,
                   std::vector<std::shared_ptr<const prometheus::Collectable>> others)
    : exposition_(std::move(self), std::move(others)) {}

void TextSink::Take(const Round& round) {
  exposition_.Render(round, [this](Format format, std::string text) { Publish(format, std::move(text)); });
}

void TextSink::Publish(Format format, std::string text) {
  const auto body = std::make_shared<const http::Body>(std::move(text));
  if (WasAskedFor(format)) (void)body->gzip();
  const std::lock_guard lock(mutex_);
  current_[Place(format)].body = body;
}

bool TextSink::WasAskedFor(Format format) {
  const std::lock_guard lock(mutex_);
  return std::exchange(current_[Place(format)].asked_for, false);
}

http::Representation TextSink::Answer(std::string_view accept) {
  const Offer& offer = ChooseOffer(accept);
  const std::lock_guard lock(mutex_);
  Current& current = current_[Place(offer.format)];
  current.asked_for = true;
  return {.content_type = std::string(offer.content_type), .body = current.body};
}

}  // namespace mqueue::metrics
