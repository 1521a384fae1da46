// The Extensions API, which programs beside the function's own register with to hear of invocations and of the end.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
// Not thread-safe: on the io_context of its environment.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/emulator/asio.h"
#include "textlambda/emulator/function.h"
#include "textlambda/emulator/invocation.h"

namespace textlambda::emulator {

class ExtensionsApi {
 public:
  // `external` are the names of the programs that are expected to register before the function starts; `changed` is
  // called when one has, when one is done with what it was told, and when one fails.
  ExtensionsApi(asio::io_context& context, const Function& function, std::vector<std::string> external,
                std::function<void()> changed);
  ~ExtensionsApi();

  static bool owns(std::string_view path);
  Awaitable<http::Response> answer(ServerRequest request);

  bool all_registered() const;  // every external one
  bool all_idle() const;        // each that registered waits for its next event
  bool has_any() const { return !extensions_.empty(); }
  // Type and message of what one of them reported; empty types: nothing.
  const std::string& error_type() const { return error_type_; }

  void tell_invoke(const Invocation& invocation, std::int64_t deadline_ms);
  // Whether anybody is told.
  bool tell_shutdown(std::string_view reason, std::int64_t deadline_ms);
  // Those that wait are answered that it is over.
  void close();

 private:
  struct Extension;

  http::Response register_extension(const ServerRequest& request);
  Awaitable<http::Response> next(std::shared_ptr<Extension> extension);
  std::shared_ptr<Extension> find(const ServerRequest& request) const;

  asio::io_context& context_;
  const Function& function_;
  std::vector<std::string> external_;
  std::function<void()> changed_;
  std::vector<std::shared_ptr<Extension>> extensions_;
  std::string error_type_;
  bool closed_ = false;
};

}  // namespace textlambda::emulator
