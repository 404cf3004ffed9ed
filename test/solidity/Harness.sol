// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Cheat codes of the runner that these tests use.
interface IVm {
    function addr(uint256 privateKey) external pure returns (address);
    function assume(bool condition) external pure;
    function expectRevert(bytes calldata data) external;
    function prank(address sender) external;
    function roll(uint256 number) external;
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function warp(uint256 timestamp) external;
}

/// @title Harness
/// @notice What Solidity tests share. An invariant test calls `target` for each handler whose functions may be called.
abstract contract Harness {
    IVm internal constant VM = IVm(address(uint160(uint256(keccak256("hevm cheat code")))));

    address[] internal _targets;

    /// @notice Contracts whose functions the runner calls between two checks of an invariant.
    function targetContracts() external view returns (address[] memory) {
        return _targets;
    }

    function target(address handler) internal {
        _targets.push(handler);
    }

    /// @notice Spreads `value` over [min, max].
    function bound(uint256 value, uint256 min, uint256 max) internal pure returns (uint256) {
        return value >= min && value <= max ? value : min + (value % (max - min + 1));
    }

    function assertEq(uint256 given, uint256 expected, string memory what) internal pure {
        require(given == expected, what);
    }
}
