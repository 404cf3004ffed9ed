// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TestToken} from "./TestToken.sol";

/// @title PermitTrapToken
/// @notice Burns all gas it gets in `permit`.
contract PermitTrapToken is TestToken {
    function permit(address, address, uint256, uint256, uint8, bytes32, bytes32) public pure override {
        while (true) {}
    }
}
