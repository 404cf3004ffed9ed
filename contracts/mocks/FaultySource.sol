// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a `FaultySource` does when asked.
enum Fault {
    /// Answers zero.
    None,
    /// Reverts.
    Revert,
    /// Burns all gas it gets.
    Spin,
    /// Answers with less than a word.
    Mumble,
    /// Answers with the largest number.
    Exaggerate,
    /// Answers with zeroes beyond number.
    Ramble
}

/// @title FaultySource
/// @notice A stake source that worked when stake was allocated to it and may fail from then on.
contract FaultySource {
    error Refused();

    Fault internal _fault;

    function fail(Fault fault) external {
        _fault = fault;
    }

    fallback(bytes calldata) external returns (bytes memory) {
        if (_fault == Fault.Revert) revert Refused();
        if (_fault == Fault.Mumble) return new bytes(31);
        if (_fault == Fault.Exaggerate) return abi.encode(type(uint256).max);
        if (_fault == Fault.Ramble) return new bytes(64 * 1024);
        while (_fault == Fault.Spin) {}
        return abi.encode(0);
    }
}
