#include "textlambda/drift/traffic.h"

#include <string_view>

#include "textlambda/drift/drift.h"

namespace textlambda::drift {

Traffic read_traffic(const model::Classifier& classifier, const std::vector<std::string>& paths,
                     const corpus::CorpusOptions& reading, const io::Executor& executor,
                     const metrics::Progress& progress) {
  TrafficSketch texts(classifier);
  Traffic result;
  result.events = traffic::read(
      paths, traffic::without_labels(reading),
      {.corpus =
           [&](const corpus::Corpus& corpus) { texts.add(sketch_traffic(classifier, corpus, executor, progress)); },
       .text = [&](std::string_view text) { texts.add(text); },
       .progress = progress});
  result.sketch = texts.sketch();
  return result;
}

}  // namespace textlambda::drift
