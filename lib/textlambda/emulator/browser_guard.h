// Who may drive the emulator from within a browser: pages that it serves itself, and no others. Whatever page somebody
// looks at can make the browser send requests to 127.0.0.1, and a function that runs is what comes of a simple POST.
//
// - A page of another origin says so: `Origin` on every POST, `Sec-Fetch-Site` where the browser has it. Both have to
//   mean the very host that is asked.
// - A page whose own name was made to resolve to this machine (DNS rebinding) has that name in `Host` and in `Origin`
//   alike, so the name itself decides. It has to be one that nobody can give to a machine of his on the Internet: an IP
//   address, a name without a dot, localhost, or one below .localhost, .internal, .local or .test; or one that is
//   named.
//
// The aws CLI, the SDKs and curl send neither `Origin` nor `Sec-Fetch-Site`, and name the host that they were told.
// Programs on this machine are not kept out by this. Pure functions, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "textlambda/emulator/asio.h"

namespace textlambda::emulator {

// Why a request is not to be answered, in one line; empty where it is. `more_hosts`: names, without a port, that are
// right besides.
std::string browser_refusal(const ServerRequest& request, const std::vector<std::string>& more_hosts = {});

// The 403 that says so.
http::Response refused_browser(const std::string& reason);

}  // namespace textlambda::emulator
