// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title ReentrantWallet
/// @notice A wallet that signs everything, and calls out whenever it is asked whether it did.
contract ReentrantWallet {
    address internal _target;
    bytes internal _payload;

    /// @notice Makes every question about a signature call `target` with `payload`.
    function arm(address target, bytes calldata payload) external {
        (_target, _payload) = (target, payload);
    }

    /// @notice As in ERC-1271, except that it would change state.
    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        if (_target == address(0)) return IERC1271.isValidSignature.selector;
        (bool success, ) = _target.call(_payload);
        // It went through: say no, so that whoever looks sees it.
        return success ? bytes4(0xffffffff) : IERC1271.isValidSignature.selector;
    }
}
