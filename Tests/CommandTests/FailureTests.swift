import Testing

@testable import onus

@Suite struct `Several failures` {
  @Test(arguments: [
    ([Exit.couldNotRun, .refused, .refused], 1), ([.refused, .violation, .couldNotRun], 1),
    ([.couldNotRun, .couldNotRun], 0), ([.notChecked, .couldNotRun], 1),
  ])
  func `end with the first of the worst`(_ exits: [Exit], _ worst: Int) {
    let failures = exits.map { Failure("It failed.", exit: $0) }
    #expect(Failure.worst(of: failures) == worst)
    #expect(Failure.worst(of: []) == nil)
  }

  @Test func `name their file once`() {
    let failure = Failure("T is not there.")
    #expect(failure.at("T").message == "T: T is not there.")
    #expect(failure.at("T").at("U").message == "T: T is not there.")
  }
}
