#include "command/talk.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "textlambda/text/shown.h"

namespace textlambda::command {

Talk::Talk(const std::string& name)
    : logger_(std::make_shared<spdlog::logger>(name, std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_pattern("%n: %v");
  // Standard error may be closed or full: the command's verdict does not depend on who hears it.
  logger_->set_error_handler([](const std::string&) {});
}

// As a view: a line is not a format.
void Talk::log(int level, const std::string& line) const {
  const auto wanted = static_cast<spdlog::level::level_enum>(level);
  if (!logger_->should_log(wanted)) return;
  const std::string fit = text::shown(line);
  logger_->log(wanted, spdlog::string_view_t(fit.data(), fit.size()));
}

void Talk::be_quiet() { logger_->set_level(spdlog::level::err); }
void Talk::be_verbose() { logger_->set_level(spdlog::level::debug); }

void Talk::detail(const std::string& line) const { log(spdlog::level::debug, line); }
void Talk::note(const std::string& line) const { log(spdlog::level::info, line); }
void Talk::complain(const std::string& line) const { log(spdlog::level::err, line); }

}  // namespace textlambda::command
