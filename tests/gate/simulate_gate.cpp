// Prints the table of docs/gate.md that says how often the gate says what.
#include <cstdio>

#include "gate_simulation.h"

int main() {
  std::fputs(textlambda::gate::simulation_table().c_str(), stdout);
  return 0;
}
