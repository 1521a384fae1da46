#include "command/talk.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace textlambda::command {

Talk::Talk(const std::string& name)
    : logger_(std::make_shared<spdlog::logger>(name, std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_pattern("%n: %v");
}

void Talk::be_quiet() { logger_->set_level(spdlog::level::err); }
void Talk::be_verbose() { logger_->set_level(spdlog::level::debug); }

// As views: a line is not a format.
void Talk::detail(const std::string& line) const {
  logger_->log(spdlog::level::debug, spdlog::string_view_t(line.data(), line.size()));
}
void Talk::note(const std::string& line) const {
  logger_->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}
void Talk::complain(const std::string& line) const {
  logger_->log(spdlog::level::err, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace textlambda::command
