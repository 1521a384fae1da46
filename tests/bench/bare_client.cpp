// The least that a static program with Boost.Beast can do on AWS Lambda: connect and ask for work. What cold_start
// compares bootstrap with.
#include <cstdlib>
#include <string>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

int main() {
  namespace http = boost::beast::http;
  using boost::asio::ip::tcp;
  const char* const address = std::getenv("AWS_LAMBDA_RUNTIME_API");
  if (address == nullptr) return 2;
  const std::string host = address;
  const std::size_t colon = host.rfind(':');
  boost::asio::io_context context;
  boost::beast::tcp_stream stream(context);
  stream.connect(tcp::endpoint(boost::asio::ip::make_address(host.substr(0, colon)),
                               static_cast<std::uint16_t>(std::stoi(host.substr(colon + 1)))));
  http::request<http::empty_body> request(http::verb::get, "/2018-06-01/runtime/invocation/next", 11);
  request.set(http::field::host, host);
  http::write(stream, request);
  boost::beast::flat_buffer buffer;
  http::response<http::string_body> response;
  http::read(stream, buffer, response);
  return 0;
}
