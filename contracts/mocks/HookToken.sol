// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {TestToken} from "./TestToken.sol";

/// @title HookToken
/// @notice Calls out once in the middle of a transfer, as the account it was armed for would.
contract HookToken is TestToken {
    using Address for address;

    address internal _target;
    bytes internal _payload;
    bool internal _isTransferSkipped;

    /// @notice Makes the next transfer call `target` with `payload`, and move nothing itself if `isTransferSkipped`.
    function arm(address target, bytes calldata payload, bool isTransferSkipped) external {
        (_target, _payload, _isTransferSkipped) = (target, payload, isTransferSkipped);
    }

    function _update(address from, address to, uint256 value) internal override {
        (address target, bytes memory payload, bool isTransferSkipped) = (_target, _payload, _isTransferSkipped);
        (_target, _payload, _isTransferSkipped) = (address(0), "", false);

        if (!isTransferSkipped) super._update(from, to, value);
        if (target != address(0)) target.functionCall(payload);
    }
}
