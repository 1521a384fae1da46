// The servers' coroutines by the names that the emulator's sources have for them.
#pragma once

#include "textlambda/server/asio.h"
#include "textlambda/server/http_server.h"

namespace textlambda::emulator {

namespace asio = boost::asio;
using server::address_of;
using server::Answer;
using server::Awaitable;
using server::BodyPiece;
using server::BodyReader;
using server::Clock;
using server::listen_on;
using server::serve;
using server::ServerLimits;
using server::ServerRequest;
using server::ServerResponse;
using server::Signal;
using server::wait_for;

}  // namespace textlambda::emulator
